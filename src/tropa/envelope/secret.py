"""Secret values: bytes that do not show themselves.

A secret's repr and str hold no bytes; it is compared in constant time, cannot be pickled, copied, hashed or
given to JSON, and cannot be changed. Python cannot promise to wipe memory: live root is out of reach, and the
threat model says so.
"""

from collections.abc import Callable
from typing import ClassVar, NoReturn, SupportsIndex

from cryptography.hazmat.primitives.constant_time import bytes_eq

Random = Callable[[int], bytes]
"""A source of secret random bytes, such as `os.urandom`: takes a number of bytes, gives that many."""


def draw(random: Random, length: int) -> bytes:
    """`length` bytes from `random`; ValueError if it gave another number: no key is made of fewer."""
    drawn = random(length)
    if not isinstance(drawn, bytes) or len(drawn) != length:
        raise ValueError("the source of randomness gave another number of bytes than it was asked for")
    return drawn


class Secret:
    """`length` secret bytes. Subclasses name what they are; two kinds are never equal."""

    __slots__ = ("_raw",)
    length: ClassVar[int]
    _raw: bytes

    def __init__(self, raw: bytes) -> None:
        if not isinstance(raw, bytes) or len(raw) != self.length:
            raise ValueError(f"a {type(self).__name__} is {self.length} bytes")
        object.__setattr__(self, "_raw", raw)

    @property
    def raw(self) -> bytes:
        """The bytes themselves: to be sealed at once, never logged, stored or sent."""
        return self._raw

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a secret does not change")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("a secret does not change")

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return bytes_eq(self._raw, other._raw)

    __hash__ = None  # type: ignore[assignment]  # a hash would be a fingerprint of the secret

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise TypeError(f"a {type(self).__name__} is neither pickled nor copied")

    def __getstate__(self) -> NoReturn:
        raise TypeError(f"a {type(self).__name__} is neither pickled nor copied")
