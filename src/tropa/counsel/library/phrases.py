"""Where the Russian of the library's own sentences lies, and who says them."""

from __future__ import annotations

import gettext as catalogues
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

LOCALE: Final = Path(__file__).parent / "locale"


@cache
def translator(language: str) -> Callable[[str], str]:
    """The catalogue of a language; English when none fits."""
    return catalogues.translation("library", str(LOCALE), languages=[language], fallback=True).gettext
