"""Finds ways to safety: every choice that no other choice beats on risk, time and money.

Pure: no Django, no clock, no network, no randomness that is not handed in. Nothing is imported here, so that
the desk can read the result types without paying for numpy or numba; those are loaded by the planner process
only, when the first search is asked for.
"""
