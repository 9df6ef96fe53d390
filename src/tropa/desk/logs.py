"""What may be logged: level, logger and the sentence's template; never its values, an address, a query or a
text.

An exception is logged as its type and the places it passed, without its message and without values of
variables: messages of exceptions repeat what people wrote.
"""

from __future__ import annotations

import logging
import traceback


class PlainFormatter(logging.Formatter):
    """Formats records without their arguments."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, and one line more per place an exception passed."""
        line = (
            f"{record.levelname} {record.name} {record.msg if isinstance(record.msg, str) else ''}".rstrip()
        )
        if not record.exc_info or record.exc_info[0] is None:
            return line
        kind, _, trace = record.exc_info
        places = [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
        return "\n".join([f"{line} {kind.__qualname__}", *places])


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "tropa.desk.logs.PlainFormatter"}},
    "handlers": {"standard-error": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["standard-error"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["standard-error"], "level": "ERROR", "propagate": False},
        "django.server": {"handlers": [], "level": "CRITICAL", "propagate": False},
    },
}
