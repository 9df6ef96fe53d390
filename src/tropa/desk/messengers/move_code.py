"""The one-time code with which somebody takes their conversation to another channel.

120 random bits, told as six groups of four letters and digits, without those that look alike; read back in either case,
with or without hyphens, from a Russian keyboard too. What is stored under it is found by one key derived from it and
sealed under another: whoever has the database has neither, and no service key is needed to use a code.
"""

from __future__ import annotations

from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tropa.envelope import SymmetricKey
from tropa.envelope.secret import Random, Secret, draw

SALT = b"tropa move 1"
TAG_BYTES = 16
LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUP = 4
LENGTH = 24
LONGEST_TYPED = 100
SAME: Final = str.maketrans("OILАВЕКМНОРСТХУ", "011ABEKMH0PCTXY")
"""Letters that are taken for one of ours, Russian ones that look the same among them."""


class MoveCode(Secret):
    """120 secret bits. Whoever has it, once and until it ends, has the conversation."""

    __slots__ = ()
    length = 15

    @classmethod
    def generate(cls, random: Random) -> MoveCode:
        """A new one from `random`."""
        return cls(draw(random, cls.length))

    @classmethod
    def parse(cls, typed: str) -> MoveCode | None:
        """The code a text consists of; None for any other text."""
        if len(typed) > LONGEST_TYPED:
            return None
        letters = "".join(letter for letter in typed if letter not in "-–— \t\n\r\N{NO-BREAK SPACE}")
        letters = letters.upper().translate(SAME)
        if len(letters) != LENGTH or not set(letters) <= set(LETTERS):
            return None
        number = 0
        for letter in letters:
            number = number << 5 | LETTERS.index(letter)
        return cls(number.to_bytes(cls.length, "big"))

    @property
    def text(self) -> str:
        """As it is told: XXXX-XXXX-XXXX-XXXX-XXXX-XXXX."""
        number = int.from_bytes(self.raw, "big")
        letters = "".join(LETTERS[number >> shift & 31] for shift in range(5 * (LENGTH - 1), -1, -5))
        return "-".join(letters[at : at + GROUP] for at in range(0, LENGTH, GROUP))

    @property
    def tag(self) -> str:
        """What is stored under it is found by this: 32 hexadecimal digits."""
        return self._derive(b"tag", TAG_BYTES).hex()

    @property
    def key(self) -> SymmetricKey:
        """What is stored under it is sealed under this."""
        return SymmetricKey(self._derive(b"key", 32))

    def _derive(self, purpose: bytes, length: int) -> bytes:
        return HKDF(SHA256(), length, SALT, purpose).derive(self.raw)
