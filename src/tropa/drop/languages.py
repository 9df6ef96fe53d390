"""Which language a page of the drop speaks: the one its address names; at the bare address, the browser's,
else Russian.

No cookie remembers it: a cookie would stay on the phone.
"""

from __future__ import annotations

from enum import StrEnum


class PageLanguage(StrEnum):
    """A language the drop is complete in."""

    RUSSIAN = "ru"
    ENGLISH = "en"

    @property
    def other(self) -> PageLanguage:
        """The language the switch on the page leads to."""
        return PageLanguage.ENGLISH if self is PageLanguage.RUSSIAN else PageLanguage.RUSSIAN


def of_path(path: str) -> PageLanguage | None:
    """The language named by the first part of `path` (`/ru/...`), if it names one."""
    first = path[1:4]
    return PageLanguage(first[:2]) if first in {"ru/", "en/"} else None


def accepted(header: str) -> PageLanguage:
    """The language a browser's Accept-Language asks for first among ours; Russian if it asks for neither."""
    best, best_weight = PageLanguage.RUSSIAN, 0.0
    for part in header[:500].split(","):
        tag, _, parameter = part.strip().lower().partition(";")
        primary = tag.split("-")[0]
        weight = _weight(parameter)
        if primary in {"ru", "en"} and weight > best_weight:
            best, best_weight = PageLanguage(primary), weight
    return best


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if 0.0 <= weight <= 1.0 else 0.0
