"""Backups: the database and the pinned files as of one moment, in one sealed archive; and back again."""
