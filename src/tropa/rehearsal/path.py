"""Plays the whole path, text by text, and stops at the first promise that does not hold."""

from __future__ import annotations

from collections.abc import Sequence

from tropa.rehearsal import answering, deciding, reading, writing
from tropa.rehearsal.applicant import Applicant
from tropa.rehearsal.language import gettext as _
from tropa.rehearsal.promises import Broken, Promises
from tropa.rehearsal.scene import Scene, Staff
from tropa.rehearsal.tampering import Database
from tropa.rehearsal.traces import search
from tropa.rehearsal.volunteer import Volunteer
from tropa.rehearsal.world import Installation

DEFAULT_TEXT = "У меня повестка на 3 декабря, загранпаспорта нет, что делать?"
HOLDERS = 3


def play(
    installation: Installation, promises: Promises, *, texts: Sequence[str] = (), language: str = "ru"
) -> list[str]:
    """Play it; returns what was said by everybody, for a search after the installation has been stopped.

    Raises Broken.
    """
    staff = sign_staff_in(installation, promises, language)
    said: list[str] = []
    for text in texts or (DEFAULT_TEXT,):
        said += _conversation(installation, promises, staff, language, text)
    return said


def look_for_traces(installation: Installation, promises: Promises, said: Sequence[str]) -> None:
    """Nothing of what anybody said may lie readable in directory or database. Raises Broken."""
    looked = search(installation.store, said)
    promises.check(
        looked.places > 0 and not looked.found,
        _(
            "Nothing of it lies readable anywhere in data directory and database (%(places)d places, %(kilobytes)d kB)"
        )
        % {"places": looked.places, "kilobytes": looked.size // 1000},
        ", ".join(looked.found),
    )


def sign_staff_in(installation: Installation, promises: Promises, language: str) -> Staff:
    """Three volunteers sign in: one takes, one is the second holder or shut out, one likewise."""
    people = [Volunteer(installation.desk, who, language) for who in installation.people]
    if len(people) < HOLDERS:
        raise Broken(_("The example world has volunteers enough for two readers and one who is shut out"))
    lead, *others = people
    for volunteer in people:
        answering.open_desk(volunteer, promises)
    answering.refuse_a_used_code(lead, promises, installation.desk)
    return Staff(lead, others)


def begun(installation: Installation, promises: Promises, staff: Staff, language: str, text: str) -> Scene:
    """A conversation nobody has written a word of yet."""
    return Scene(
        installation=installation,
        promises=promises,
        language=language,
        text=text,
        applicant=Applicant(installation.drop, language),
        staff=staff,
        database=Database(installation.store),
    )


def _conversation(
    installation: Installation, promises: Promises, staff: Staff, language: str, text: str
) -> list[str]:
    scene = begun(installation, promises, staff, language, text)
    for act in (
        writing.write_in,
        writing.come_back,
        answering.take_and_answer,
        deciding.plan,
        deciding.refuse_the_author,
        deciding.agree_and_release,
        reading.read,
        reading.refuse_what_was_tampered_with,
        reading.finish_reading,
        reading.answer_back,
    ):
        act(scene)
    look_for_traces(installation, promises, scene.said)
    reading.erase(scene)
    return scene.said
