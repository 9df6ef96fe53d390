"""The example's people on staff, and the file in which their synthetic secrets lie so that
anybody can try them.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from tropa.desk.staff.joining import TOTP_BYTES, Secrets
from tropa.desk.staff.models import Gender, Role
from tropa.envelope import Codename, Language


@dataclass(frozen=True, slots=True)
class ExamplePerson:
    """One person: the name on the command line, the pseudonym, what they are and where."""

    name: str
    pseudonym: str
    gender: Gender
    role: Role
    team: str


PEOPLE = (
    ExamplePerson("klyon", "Клён", Gender.MASCULINE, Role.COORDINATOR, "Первая линия"),
    ExamplePerson("lipa", "Липа", Gender.FEMININE, Role.ADVISER, "Первая линия"),
    ExamplePerson("kashtan", "Каштан", Gender.MASCULINE, Role.ADVISER, "Первая линия"),
    ExamplePerson("grab", "Граб", Gender.MASCULINE, Role.ADVISER, "Долгие дела"),
    ExamplePerson("olkha", "Ольха", Gender.FEMININE, Role.RESEARCHER, "Долгие дела"),
)


def people_file(data: Path) -> Path:
    """Where the example's secrets lie."""
    return data / "example" / "people.json"


def draw_secrets() -> Secrets:
    """A password, a passphrase and a TOTP secret that are easy to type, drawn anew for each example world."""
    words = Codename.generate(secrets.token_bytes, Language.ENGLISH).words
    return Secrets(
        password="-".join(words[:3]), passphrase=" ".join(words[3:8]), totp=secrets.token_bytes(TOTP_BYTES)
    )


def write_secrets(path: Path, drawn: dict[str, Secrets]) -> None:
    """Write everybody's secrets, for the owner of the directory alone."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    values = {
        name: {"password": kept.password, "passphrase": kept.passphrase, "totp": kept.totp.hex()}
        for name, kept in drawn.items()
    }
    fresh = path.with_suffix(".new")
    with os.fdopen(
        os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as file:
        json.dump(values, file, ensure_ascii=False, indent=1)
    fresh.replace(path)


def read_secrets(path: Path) -> dict[str, Secrets]:
    """Everybody's secrets. Raises FileNotFoundError where no example world was prepared."""
    values = json.loads(path.read_text(encoding="utf-8"))
    return {
        name: Secrets(password=one["password"], passphrase=one["passphrase"], totp=bytes.fromhex(one["totp"]))
        for name, one in values.items()
    }


def sign_in_lines(drawn: dict[str, Secrets]) -> list[str]:
    """A line for each person: what to type, and how to get the code of the moment."""
    return [
        f"sign-in: {person.pseudonym}  password {drawn[person.name].password}"
        f"  passphrase {drawn[person.name].passphrase}  code: tropa example code {person.name}"
        for person in PEOPLE
        if person.name in drawn
    ]
