"""Matrix: rooms of two, encrypted end to end, read by a cross-signed device of the desk."""
