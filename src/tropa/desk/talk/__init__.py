"""Desk app: talk."""
