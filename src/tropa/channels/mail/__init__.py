"""Mail with OpenPGP, for organisations we work with."""
