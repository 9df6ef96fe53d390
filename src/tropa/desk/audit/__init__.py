"""Desk app: audit."""
