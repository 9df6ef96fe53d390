"""Desk app: plans."""
