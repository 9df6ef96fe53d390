"""Every setting of the desk and the drop, read once from the environment into one typed value.

Refused: unknown profiles and modes, days that are not days, ports outside 1..65535, and the cheap passphrase
profile anywhere but in tests. `docs/operate/settings.md` lists every name below; a test holds the two
together.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

NAMES = (
    "TROPA_DATA",
    "TROPA_DATABASE_URL",
    "TROPA_PORT",
    "TROPA_DESK_PORT",
    "TROPA_DROP_URL",
    "TROPA_DESK_URL",
    "TROPA_LIVE_PORT",
    "TROPA_LIVE_URL",
    "TROPA_LIVE_KEY",
    "TROPA_AS_OF",
    "TROPA_EXAMPLE",
    "TROPA_TESTING",
    "TROPA_PASSPHRASE_PROFILE",
    "TROPA_SERVICE_KEY",
    "TROPA_GATEWAY_KEY",
    "TROPA_SENTINEL_KEY",
    "TROPA_PUSH_KEY",
    "TROPA_PUSH_HOSTS",
    "TROPA_PINNED",
    "TROPA_CASE_KEYS",
    "TROPA_IDLE_MINUTES",
    "TROPA_VISIT_HOURS",
    "TROPA_ANSWERED_DAYS",
    "TROPA_CLOSED_DAYS",
    "TROPA_FACTS_DAYS",
    "TROPA_VERIFICATION_DAYS",
    "TROPA_WARNING_DAYS",
    "TROPA_UNANSWERED_HOURS",
    "TROPA_ANSWERS_A_DAY",
    "TROPA_BACKUP_DAYS",
    "TROPA_BACKUP_FOLDER",
    "TROPA_MOVE_HOURS",
)


class ConfError(ValueError):
    """A setting has a value Tropa does not start with; the sentence names it and what was expected."""


@dataclass(frozen=True, slots=True)
class Conf:
    """The settings. Paths are absolute; `as_of` pins only the day facts are judged on."""

    data: Path
    database_url: str | None
    port: int
    desk_port: int
    drop_url: str
    desk_url: str
    live_url: str  # where the process of streams is reached by browsers
    live_key: bytes | None = field(repr=False)  # shared with that process; None: pages are not live
    as_of: date | None
    example: bool
    testing: bool
    passphrase_profile: str  # "production" or, in tests alone, "cheap"
    service_key: Path
    gateway_key: Path  # what people reached by messenger rest on; only the gateway's processes read it
    sentinel_key: Path  # what unattended planning rests on, if it was switched on; only workers read it
    push_key: (
        Path  # what notices outside the page rest on, if there are any; only the sending process reads it
    )
    push_hosts: tuple[str, ...]  # the push services notices are sent to; none: there are no notices
    pinned: Path  # where lies what the database must not be able to change
    case_keys: Path  # the file of the keys under which cases' seeds lie
    idle_minutes: int
    visit_hours: int
    answered_days: int  # an answered thread without a case is destroyed after so many days
    closed_days: int  # a closed case likewise
    facts_days: int  # plan facts and plans of a closed case likewise
    verification_days: int  # what shows who somebody is, after the decision; 0: in the same act
    warning_days: int  # so many days before something goes, Today says so
    unanswered_hours: int  # somebody who waits longer alarms on Today
    answers_a_day: int  # how many people one person on shift answers in a day
    backup_days: int  # a backup is put back for so many days
    backup_folder: Path | None  # where housekeeping destroys archives that are older
    move_hours: int  # a code for another channel is good for so long


def read(environment: Mapping[str, str]) -> Conf:
    """The settings of this environment. Raises ConfError naming the first that is wrong."""
    data = Path(environment.get("TROPA_DATA") or "var/tropa").absolute()
    port = _number(environment, "TROPA_PORT", 8400, 65535)
    desk_port = _number(environment, "TROPA_DESK_PORT", port + 1, 65535)
    live_port = _number(environment, "TROPA_LIVE_PORT", min(desk_port + 1, 65535), 65535)
    testing = _switch(environment, "TROPA_TESTING")
    example = _switch(environment, "TROPA_EXAMPLE")
    return Conf(
        data=data,
        database_url=environment.get("TROPA_DATABASE_URL") or None,
        port=port,
        desk_port=desk_port,
        drop_url=(environment.get("TROPA_DROP_URL") or f"http://127.0.0.1:{port}").rstrip("/"),
        desk_url=(environment.get("TROPA_DESK_URL") or f"http://localhost:{desk_port}").rstrip("/"),
        live_url=_origin(environment, "TROPA_LIVE_URL", f"http://localhost:{live_port}"),
        live_key=_live_key(environment),
        as_of=_day(environment, "TROPA_AS_OF"),
        example=example,
        testing=testing,
        passphrase_profile=_profile(environment, testing=testing),
        service_key=Path(
            environment.get("TROPA_SERVICE_KEY") or data / "credentials" / "desk.key"
        ).absolute(),
        gateway_key=Path(
            environment.get("TROPA_GATEWAY_KEY") or data / "credentials" / "gateway.key"
        ).absolute(),
        sentinel_key=Path(
            environment.get("TROPA_SENTINEL_KEY") or data / "credentials" / "sentinel.key"
        ).absolute(),
        push_key=Path(environment.get("TROPA_PUSH_KEY") or data / "credentials" / "push.key").absolute(),
        push_hosts=_hosts(environment, "TROPA_PUSH_HOSTS"),
        pinned=_pinned(environment, data, example=example),
        case_keys=_case_keys(environment, data, example=example),
        idle_minutes=_number(environment, "TROPA_IDLE_MINUTES", 15, 240),
        visit_hours=_number(environment, "TROPA_VISIT_HOURS", 12, 24),
        answered_days=_number(environment, "TROPA_ANSWERED_DAYS", 30, 3650),
        closed_days=_number(environment, "TROPA_CLOSED_DAYS", 90, 3650),
        facts_days=_number(environment, "TROPA_FACTS_DAYS", 30, 3650),
        verification_days=_number(environment, "TROPA_VERIFICATION_DAYS", 0, 365, least=0),
        warning_days=_number(environment, "TROPA_WARNING_DAYS", 7, 365),
        unanswered_hours=_number(environment, "TROPA_UNANSWERED_HOURS", 24, 720),
        answers_a_day=_number(environment, "TROPA_ANSWERS_A_DAY", 20, 1000),
        backup_days=_number(environment, "TROPA_BACKUP_DAYS", 7, 3650),
        backup_folder=_folder(environment, "TROPA_BACKUP_FOLDER"),
        move_hours=_number(environment, "TROPA_MOVE_HOURS", 24, 72),
    )


def _origin(environment: Mapping[str, str], name: str, default: str) -> str:
    """A site's address as browsers name it. It stands in a header, so it is nothing else."""
    text = (environment.get(name) or default).rstrip("/")
    if not re.fullmatch(r"https?://[a-zA-Z0-9.\[\]:-]+", text):
        raise ConfError(f"{name} is {text!r}; expected an address such as https://desk.example.org")
    return text


def _hosts(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Names of machines, each with a port if it is not 443; `*.` at the beginning stands for what lies beneath one."""
    named = tuple((environment.get(name) or "").replace(",", " ").split())
    for host in named:
        if not re.fullmatch(r"(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+(:[1-9][0-9]{0,4})?", host):
            raise ConfError(f"{name} names {host!r}; expected machines such as push.example.org")
    return named


def _live_key(environment: Mapping[str, str]) -> bytes | None:
    text = environment.get("TROPA_LIVE_KEY") or ""
    if not re.fullmatch(r"([0-9a-f]{64})?", text):
        raise ConfError("TROPA_LIVE_KEY: expected 64 hexadecimal digits")
    return bytes.fromhex(text) or None


def _pinned(environment: Mapping[str, str], data: Path, *, example: bool) -> Path:
    """The example world pins a root of its own beside its data, and must never touch a real one."""
    elsewhere = environment.get("TROPA_PINNED")
    return Path(elsewhere).absolute() if elsewhere and not example else data / "pinned"


def _case_keys(environment: Mapping[str, str], data: Path, *, example: bool) -> Path:
    """Likewise: the example world keeps its own."""
    elsewhere = environment.get("TROPA_CASE_KEYS")
    return Path(elsewhere).absolute() if elsewhere and not example else data / "case-keys"


def _number(environment: Mapping[str, str], name: str, default: int, most: int, *, least: int = 1) -> int:
    text = environment.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise ConfError(f"{name} is {text!r}; expected a whole number from {least} to {most}")
    return int(text)


def _folder(environment: Mapping[str, str], name: str) -> Path | None:
    text = environment.get(name)
    return Path(text).absolute() if text else None


def _switch(environment: Mapping[str, str], name: str) -> bool:
    text = environment.get(name) or "0"
    if text not in {"0", "1"}:
        raise ConfError(f"{name} is {text!r}; expected 0 or 1")
    return text == "1"


def _day(environment: Mapping[str, str], name: str) -> date | None:
    text = environment.get(name)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ConfError(f"{name} is {text!r}; expected a day as YYYY-MM-DD") from None


def _profile(environment: Mapping[str, str], *, testing: bool) -> str:
    profile = environment.get("TROPA_PASSPHRASE_PROFILE") or "production"
    if profile not in {"production", "cheap"}:
        raise ConfError(f"TROPA_PASSPHRASE_PROFILE is {profile!r}; expected production")
    if profile == "cheap" and not testing:
        raise ConfError(
            "TROPA_PASSPHRASE_PROFILE is cheap, which protects nothing; it is for tests (TROPA_TESTING=1)"
        )
    return profile


conf = read(os.environ)
