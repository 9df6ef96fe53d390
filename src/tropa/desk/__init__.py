"""The volunteers' site and the database."""
