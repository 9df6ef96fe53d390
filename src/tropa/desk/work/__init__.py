"""Desk app: work nobody waits for, and the sentinel that may do it while everybody sleeps."""
