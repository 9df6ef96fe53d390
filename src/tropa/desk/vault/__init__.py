"""Desk app: vault."""
