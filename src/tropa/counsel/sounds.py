"""Words as they sound, so that what people write by ear is one word: «мабилизован», «суецид», «дизертир».

Kept true: a word and its usual misspellings have one sound; words that only resemble each other («бить»,
«быть») do not.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_HEARD: Final = str.maketrans(
    {
        "о": "а",
        "е": "и",
        "э": "и",
        "я": "и",
        "ь": None,
        "ъ": None,
        "щ": "ш",
        "'": None,
        "і": "и",
        "ї": "и",
        "є": "и",
    }
)
_TWICE: Final = re.compile(r"(.)\1+")


@lru_cache(maxsize=50_000)
def sound(word: str) -> str:
    """The sound of a cleaned word; its first letter is heard as written, and no end is cut, so a prefix stays one."""
    heard = word.replace("ться", "ца").replace("тся", "ца")
    return _TWICE.sub(r"\1", heard[:1] + heard[1:].translate(_HEARD))
