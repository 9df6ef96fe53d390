"""The settings only the drop has, read once from the environment into one typed value.

Refused: a cookie key that is not 32 bytes, waiting times that are no hours, a way out that is not a web
address.
"""

from __future__ import annotations

import os
from base64 import urlsafe_b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from tropa.desk.conf import ConfError
from tropa.envelope import SymmetricKey

NAMES = ("TROPA_DROP_COOKIE_KEY", "TROPA_DROP_EXIT_URL", "TROPA_DROP_ANSWER_HOURS")

DAY = 24


@dataclass(frozen=True, slots=True)
class DropConf:
    """`exit_url` is where "leave" leads, None for our own dull page; `answer_hours` is what people are told
    to expect.
    """

    cookie_key: SymmetricKey
    exit_url: str | None
    answer_hours: int


def read(environment: Mapping[str, str]) -> DropConf:
    """The settings of this environment. Raises ConfError naming the first that is wrong."""
    return DropConf(
        cookie_key=_cookie_key(environment.get("TROPA_DROP_COOKIE_KEY") or ""),
        exit_url=_exit_url(environment.get("TROPA_DROP_EXIT_URL") or ""),
        answer_hours=_hours(environment.get("TROPA_DROP_ANSWER_HOURS") or str(DAY)),
    )


def _cookie_key(text: str) -> SymmetricKey:
    """The key handed over, so that several processes open each other's cookies; else one of this process
    alone.
    """
    if not text:
        return SymmetricKey.generate(os.urandom)
    try:
        return SymmetricKey(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (NotBase64, ValueError):
        raise ConfError("TROPA_DROP_COOKIE_KEY: expected 32 bytes in URL-safe base64") from None


def _exit_url(text: str) -> str | None:
    if not text:
        return None
    parts = urlsplit(text)
    if parts.scheme != "https" or not parts.hostname or not text.isascii() or not text.isprintable():
        raise ConfError(f"TROPA_DROP_EXIT_URL is {text!r}; expected an address that begins with https://")
    return text


def _hours(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 720):
        raise ConfError(f"TROPA_DROP_ANSWER_HOURS is {text!r}; expected a whole number from 1 to 720")
    return int(text)


drop_conf = read(os.environ)
