"""Texts a team writes often, with variables, put into a draft and never anywhere else.

A team's texts are sealed under the desk's service key, for everybody of the team whoever joins or leaves; they are the
organisation's words and hold nothing of a person. Two volunteers who change one text at once: the second is told.

Variables stand in braces. `{прочитал|прочитала}` is what the volunteer says of themselves, by the gender of their
pseudonym, masculine first; a third form is the neuter one. `{name}`, `{date}` and `{hours}` are their pseudonym, today,
and the hours the drop tells just now. People are «вы»: what agrees with it stands in the plural, and a text that says
«вы писал» is refused with the place.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import assert_never

from django.db import transaction

from tropa.desk.audit.services import refuse
from tropa.desk.identifiers import new_id
from tropa.desk.staff.models import Gender, Member
from tropa.desk.staff.reader import Reader
from tropa.desk.staff.service_key import service_seed
from tropa.desk.talk.errors import BadReplyText, ReplyChanged, TooManyReplies
from tropa.desk.talk.models import SavedReply
from tropa.envelope import CannotOpen, Context, unwrap, wrap

MOST_REPLIES = 200
LONGEST_TITLE, LONGEST = 80, 4_000
BRACES = re.compile(r"\{([^{}]*)\}")
KNOWN = frozenset({"name", "date", "hours"})
SINGULAR_WITH_YOU = re.compile(r"\b[Вв]ы\s+(?:не\s+|уже\s+)?([а-яё]{2,}л(?:а|о|ся|ась|ось)?)\b")


@dataclass(frozen=True, slots=True)
class Saved:
    """One text of a team, as it was written. `version` counts its changes."""

    id: str
    title: str
    text: str = field(repr=False)
    version: int


@dataclass(frozen=True, slots=True)
class Filling:
    """What stands for the variables."""

    name: str
    gender: Gender
    day: date
    hours: int
    date_words: str


def saved_replies(*, reader: Reader) -> list[Saved]:
    """The texts of the reader's team, by title; what does not open is left out and counted. One query."""
    rows = SavedReply.objects.filter(team_id=reader.member.team_id)
    found = []
    for row in rows.values_list("pk", "team_id", "version", "sealed"):
        one = _opened(*row)
        if one is None:
            refuse(table="talk_savedreply", row=row[0], day=reader.now.date())
        else:
            found.append(one)
    return sorted(found, key=lambda one: one.title.casefold())


@transaction.atomic
def save_reply(*, reader: Reader, reply_id: str, title: str, text: str, version: int) -> Saved:
    """Keep a text of one's team: a new one (`reply_id` empty) or the next version of one.

    Raises BadReplyText with why, ReplyChanged when somebody changed or removed it since, TooManyReplies.
    """
    title, text = " ".join(title.split()), text.strip()
    check_text(text)
    if not 0 < len(title) <= LONGEST_TITLE:
        raise BadReplyText("title", "")
    team_id = reader.member.team_id
    if not reply_id:
        if SavedReply.objects.filter(team_id=team_id).count() >= MOST_REPLIES:
            raise TooManyReplies
        saved = Saved(new_id(), title, text, 1)
        SavedReply.objects.create(id=saved.id, team_id=team_id, version=1, sealed=_sealed(saved, team_id))
        return saved
    saved = Saved(reply_id, title, text, version + 1)
    rows = SavedReply.objects.filter(pk=reply_id, team_id=team_id, version=version)
    if not rows.update(version=saved.version, sealed=_sealed(saved, team_id)):
        raise ReplyChanged
    return saved


def remove_reply(*, reader: Reader, reply_id: str) -> Saved | None:
    """Remove a text of one's team; what it was, and None when it is gone already or does not open."""
    rows = SavedReply.objects.filter(pk=reply_id, team_id=reader.member.team_id)
    row = rows.values_list("pk", "team_id", "version", "sealed").first()
    rows.delete()
    return _opened(*row) if row else None


def check_text(text: str) -> None:
    """Return if variables are known and what is said to «вы» agrees. Raises BadReplyText with the first that is not."""
    if not 0 < len(text) <= LONGEST:
        raise BadReplyText("length", "")
    for inside in BRACES.findall(text):
        if inside not in KNOWN and not 2 <= len(inside.split("|")) <= 3:
            raise BadReplyText("variable", inside)
    plain = BRACES.sub("", text)
    if "{" in plain or "}" in plain:
        raise BadReplyText("braces", "")
    if found := SINGULAR_WITH_YOU.search(plain):
        raise BadReplyText("agreement", found.group(0))


def filled(text: str, filling: Filling) -> str:
    """The text with its variables filled in. Raises BadReplyText for one that is unknown."""
    check_text(text)
    return BRACES.sub(lambda match: _value(match.group(1), filling), text)


def filling_of(*, member: Member, day: date, hours: int, date_words: str) -> Filling:
    """What a volunteer's variables stand for today."""
    return Filling(member.pseudonym, Gender(member.gender), day, hours, date_words)


def _value(inside: str, filling: Filling) -> str:
    match inside:
        case "name":
            return filling.name
        case "date":
            return filling.date_words
        case "hours":
            return str(filling.hours)
        case _:
            return _form(inside.split("|"), filling.gender)


def _form(forms: Sequence[str], gender: Gender) -> str:
    """The form of a gender; without a neuter form the masculine one."""
    match gender:
        case Gender.MASCULINE:
            return forms[0]
        case Gender.FEMININE:
            return forms[1]
        case Gender.NEUTER:
            return forms[2] if len(forms) > 2 else forms[0]
        case _:
            assert_never(gender)


def _sealed(saved: Saved, team_id: str) -> bytes:
    content = json.dumps({"title": saved.title, "text": saved.text}, ensure_ascii=False).encode()
    key = service_seed().subkey("saved replies")
    return wrap(key, _context(saved.id, team_id, saved.version), content, random=secrets.token_bytes)


def _opened(reply_id: str, team_id: str, version: int, sealed: bytes | memoryview) -> Saved | None:
    key = service_seed().subkey("saved replies")
    try:
        title, text = read_reply(unwrap(key, _context(reply_id, team_id, version), bytes(sealed)))
    except (CannotOpen, ValueError):
        return None
    return Saved(reply_id, title, text, version)


def read_reply(content: bytes) -> tuple[str, str]:
    """Title and text as they were sealed. Raises ValueError."""
    try:
        said = json.loads(content)
        return str(said["title"]), str(said["text"])
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError("no saved reply of this format") from error


def _context(reply_id: str, team_id: str, version: int) -> Context:
    """The version is part of the place: an older text put back does not open as the newest."""
    return Context("saved reply", 1, "talk_savedreply", "sealed", f"{team_id}.{reply_id}.{version}")
