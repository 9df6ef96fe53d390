"""Fourth act: the applicant reads answer and step, nobody can put another in their place, and what is to go,
goes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tropa.rehearsal.language import gettext as _
from tropa.rehearsal.page import Page
from tropa.rehearsal.scene import Scene
from tropa.rehearsal.tampering import flipped

Change = tuple[str, str, str, Any]


def read(scene: Scene) -> None:
    """Answer and step stand under the nine words."""
    answer = scene.answer
    page = scene.applicant.answers()
    scene.promises.check(
        page.says(answer) and _shows_step(page),
        _("The applicant reads the answer and the first step under their nine words"),
        f"{page.status} {page.address}",
    )
    own, *later = scene.steps
    shown = [line for line in _lines(own) if page.says(line)]
    ahead = [line for text in later for line in _lines(text) if line not in _lines(own) and page.says(line)]
    scene.promises.check(
        bool(shown) and not ahead,
        _("The page holds the next step, and nothing of the steps after it"),
        f"{len(shown)}, {len(ahead)}",
    )


def refuse_what_was_tampered_with(scene: Scene) -> None:
    """Rows written past the desk; each is put back, and shows again."""
    applicant, promises, database = scene.applicant, scene.promises, scene.database
    answer = scene.answer
    for change in _changes_of_the_step(scene):
        with database.changed(*change):
            page = applicant.answers()
            promises.check(
                not _shows_step(page) and page.status == 200,
                _("A released step whose %(column)s was changed in the database is not shown")
                % {"column": f"{change[0]}.{change[1]}"},
            )
    entry = str(database.value(_REPLY, applicant.thread_id))
    sealed = bytes(database.value("SELECT sealed_applicant FROM talk_entry WHERE id = ?", entry))
    with database.changed("talk_entry", "sealed_applicant", entry, flipped(sealed)):
        promises.check(
            not applicant.answers().says(answer), _("An answer changed in the database is not shown either")
        )
    page = applicant.answers()
    promises.check(page.says(answer) and _shows_step(page), _("Put back as they were, both are shown again"))


_REPLY = "SELECT id FROM talk_entry WHERE thread_id = ? AND kind = 'reply'"


def _changes_of_the_step(scene: Scene) -> Iterator[Change]:
    database, thread_id = scene.database, scene.applicant.thread_id
    release = str(database.value("SELECT id FROM plans_release WHERE thread_id = ?", thread_id))
    step = str(database.value("SELECT step_id FROM plans_release WHERE id = ?", release))
    sealed = bytes(database.value("SELECT sealed_applicant FROM plans_release WHERE id = ?", release))
    yield "plans_release", "sealed_applicant", release, flipped(sealed)
    outsider = (
        "SELECT id FROM staff_member WHERE id NOT IN (SELECT releaser_id FROM plans_release WHERE id = ?)"
    )
    yield "plans_release", "releaser_id", release, database.value(outsider, release)
    yield "plans_release", "sequence", release, 7
    signature = bytes(database.value("SELECT approver_signature FROM plans_planstep WHERE id = ?", step))
    yield "plans_planstep", "approver_signature", step, flipped(signature)
    yield "plans_plan", "expires", scene.plan_id, "2099-01-01 00:00:00"
    yield "plans_plan", "state", scene.plan_id, "void"


def finish_reading(scene: Scene) -> None:
    """ "I have read it", for the answer and for the step."""
    answer = scene.answer
    page = scene.applicant.press("read")
    again = scene.applicant.answers()
    scene.promises.check(
        not page.says(answer) and not again.says(answer), _("After “I have read it” the answer is gone")
    )
    page = scene.applicant.press("step_read")
    scene.promises.check(
        not _shows_step(page) and not _shows_step(scene.applicant.answers()),
        _("After “I have read it” the step is gone"),
    )


def answer_back(scene: Scene) -> None:
    """A further message, "I am safe", "I need to talk now": the desk sees all three."""
    applicant, promises, lead = scene.applicant, scene.promises, scene.staff.lead
    text = scene.speak("Понял, спасибо. Паспорт нашёл.", "Understood, thank you. I found the passport.")
    page = applicant.write_more(text)
    promises.check(
        applicant.own_messages(page) == 2 and lead.thread(applicant.thread_id).says(text),
        _("What the applicant writes back reaches the desk"),
        f"{page.status}, {applicant.own_messages(page)}",
    )
    applicant.press("safe")
    open_check_ins = "SELECT count(*) FROM plans_release WHERE thread_id = ? AND NOT checked_in"
    promises.check(
        scene.database.value(open_check_ins, applicant.thread_id) == 0
        and b'class="badge ok"' in lead.thread(applicant.thread_id).body,
        _("“I am safe” reaches the desk and answers the check-in"),
    )
    applicant.press("talk_now")
    urgency = scene.database.value("SELECT urgency FROM talk_thread WHERE id = ?", applicant.thread_id)
    promises.check(urgency == "now", _("“I need to talk now” puts the conversation first"), str(urgency))


def erase(scene: Scene) -> None:
    """One message, then everything."""
    applicant, promises, lead = scene.applicant, scene.promises, scene.staff.lead
    before = applicant.own_messages(applicant.answers())
    page = applicant.press("erase_one")
    promises.check(
        applicant.own_messages(page) == before - 1 and not lead.thread(applicant.thread_id).says(scene.text),
        _("A message its writer erases is gone from the desk as well"),
        f"{before}, {applicant.own_messages(page)}",
    )
    thread_id = applicant.thread_id
    applicant.press("erase_all")
    page = applicant.come_back(" ".join(applicant.words))
    left = scene.database.value("SELECT count(*) FROM talk_thread WHERE id = ?", thread_id)
    promises.check(
        applicant.own_messages(page) == 0 and lead.thread(thread_id).status == 404 and left == 0,
        _("After “erase everything” the nine words open nothing, and the desk has nothing left"),
        f"{applicant.own_messages(page)}, {left}",
    )


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _shows_step(page: Page) -> bool:
    return page.form("/answers/", button="step_done") is not None
