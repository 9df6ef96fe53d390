"""No test here is timed: the machine may be busy, and a deadline would fail honest code."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
