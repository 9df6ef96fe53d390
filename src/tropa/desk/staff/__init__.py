"""Desk app: staff."""
