"""What whoever takes the disk finds: every byte an installation wrote is read past the desk, and searched."""
