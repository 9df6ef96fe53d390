"""Second act: a volunteer signs in, unlocks, finds the conversation, takes it, answers and fills the card."""

from __future__ import annotations

from tropa.rehearsal.language import gettext as _
from tropa.rehearsal.page import Page
from tropa.rehearsal.promises import Broken, Promises
from tropa.rehearsal.scene import Scene
from tropa.rehearsal.volunteer import Volunteer


def open_desk(volunteer: Volunteer, promises: Promises) -> None:
    """Sign in and unlock; nothing is to be read in between."""
    page = volunteer.sign_in()
    if page.status != 200:
        raise Broken(_("%(who)s signs in") % {"who": volunteer.who.pseudonym}, str(page.status))
    volunteer.speak(page)
    locked = volunteer.browser.get("/inbox/")
    if not locked.address.split("?")[0].endswith("/unlock/"):
        raise Broken(_("Nothing can be read before the passphrase has opened a key"), locked.address)
    page = volunteer.unlock()
    promises.check(
        page.status == 200 and page.link("/inbox/") is not None,
        _("%(who)s signs in, reads nothing yet, and unlocks with the passphrase")
        % {"who": volunteer.who.pseudonym},
        f"{page.status} {page.address}",
    )


def refuse_a_used_code(volunteer: Volunteer, promises: Promises, desk: str) -> None:
    """Somebody looked over the shoulder: password and code again, in a browser of their own."""
    thief = Volunteer(desk, volunteer.who, "en")
    page = thief.sign_in(volunteer.used_code)
    promises.check(page.status == 403, _("A one-time code works once"), str(page.status))


def take_and_answer(scene: Scene) -> None:
    """Find the conversation, take it, answer; the rest of the shift is shut out."""
    lead, promises, thread_id = scene.staff.lead, scene.promises, scene.applicant.thread_id
    found = lead.row_in_inbox(thread_id)
    first_words = " ".join(scene.text.split()[:3])
    promises.check(
        found is not None and found.says(first_words),
        _("The message waits in the inbox, its first words readable to the shift"),
    )
    page = lead.thread(thread_id)
    promises.check(page.says(scene.text), _("The shift reads the whole message"), page.address)
    page = lead.take(page)
    scene.case_id = _case_of(page)
    _find_second(scene, page)
    for outsider in scene.staff.others:
        if outsider is not scene.second:
            shut = outsider.thread(thread_id)
            promises.check(
                not shut.says(scene.text) and not shut.says(first_words),
                _("Once taken, it opens to its two holders alone; %(who)s of the same shift is shut out")
                % {"who": outsider.who.pseudonym},
            )
    scene.answer = scene.speak("Здравствуйте. Мы вас прочитали и считаем путь.", "Hello. We have read you.")
    page = lead.answer(page, scene.answer)
    promises.check(page.says(scene.answer), _("The answer stands in the conversation"), str(page.status))
    page = lead.fill_card(page)
    promises.check(
        page.status == 200
        and scene.database.value("SELECT lane FROM cases_case WHERE id = ?", scene.case_id)
        not in {None, "unsorted"},
        _("The triage card gives the conversation its urgency and its lane"),
        page.address,
    )


def _find_second(scene: Scene, page: Page) -> None:
    """The colleague who holds the key too, by the name on the page."""
    lead = scene.staff.lead.who.pseudonym
    named = [one for one in scene.staff.others if page.says(one.who.pseudonym)]
    question = "SELECT m.pseudonym FROM cases_case c JOIN staff_member m ON m.id = c.second_id WHERE c.id = ?"
    second = scene.database.value(question, scene.case_id)
    scene.second = next((one for one in named if one.who.pseudonym == second), None)
    scene.promises.check(
        scene.second is not None and second != lead,
        _("Taking it gives the key to a second holder as well: %(who)s") % {"who": second},
        str(second),
    )


def _case_of(page: Page) -> str:
    link = page.link("/card/")
    if link is None:
        raise Broken(_("Taking a conversation makes a case of it"), f"{page.status} {page.address}")
    return link.address.split("/cases/")[1].split("/")[0]
