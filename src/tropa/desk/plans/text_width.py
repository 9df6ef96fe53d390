"""How wide a text may become, without a browser: an upper estimate for the system's sans-serif fonts.

Widths are those of a common grotesque in thousandths of the font size, by group of letters, and 20 % more, so
that DejaVu Sans, much wider than the fonts most systems use, still fits. Texts are broken between words, never at
a no-break space; a word that is too long for its line is broken inside, and no letter is lost.
"""

from __future__ import annotations

import re

_ROOM = 1.2
_BOLD = 1.07
_GROUPS = (
    ("iljI.,:;'|!()[]ftr -·і/", 340),
    ("жшщюмфыmw—№@%", 880),
    ("ЖШЩЮМФЫWM", 980),
    ("≈→+±=<>", 800),
)
_GROUP_OF = {letter: width for letters, width in _GROUPS for letter in letters}
_SMALL, _CAPITAL, _OTHER = 575, 690, 1000


def _thousandths(letter: str) -> int:
    if letter in _GROUP_OF:
        return _GROUP_OF[letter]
    if letter.isupper():
        return _CAPITAL
    if letter.isalnum() or letter.isspace() or ord(letter) < 0x500 or letter in "–…«»“”’":
        return _SMALL
    return _OTHER


class _Widths(dict[str, int]):
    """Widths by letter, looked up once each: every line of a drawing is measured many times."""

    def __missing__(self, letter: str) -> int:
        found = _thousandths(letter)
        if len(self) < _MOST_KEPT:
            self[letter] = found
        return found


_MOST_KEPT = 2_000
_WIDTHS = _Widths()


def width(text: str, size: float, *, bold: bool = False) -> float:
    """The most a text may take in drawing units, at a font size in the same units."""
    return sum(map(_WIDTHS.__getitem__, text)) / 1000 * size * _ROOM * (_BOLD if bold else 1.0)


def lines(text: str, most: float, size: float, *, bold: bool = False) -> tuple[str, ...]:
    """The text in lines no wider than `most`. No text, no line."""
    found: list[str] = []
    for word in filter(None, re.split(r"[ \t\r\n]+", text)):
        for piece in _pieces(word, most, size, bold=bold):
            longer = f"{found[-1]} {piece}" if found else piece
            if found and width(longer, size, bold=bold) <= most:
                found[-1] = longer
            else:
                found.append(piece)
    return tuple(found)


def shortened(text: str, most: float, size: float) -> str:
    """The text, or as much of its beginning as fits with an ellipsis. For drawings whose list says all."""
    if width(text, size) <= most:
        return text
    kept = text
    while kept and width(kept + "…", size) > most:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def _pieces(word: str, most: float, size: float, *, bold: bool) -> list[str]:
    if width(word, size, bold=bold) <= most:
        return [word]
    pieces = [""]
    for letter in word:
        if pieces[-1] and width(pieces[-1] + letter, size, bold=bold) > most:
            pieces.append("")
        pieces[-1] += letter
    return pieces
