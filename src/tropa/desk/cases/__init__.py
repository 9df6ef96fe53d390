"""Desk app: cases."""
