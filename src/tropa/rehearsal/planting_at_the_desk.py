"""Canaries people on staff write for each other and for themselves: texts of a team, what somebody can take on, notes
for the next shift, names of views, what is typed to find something, reasons, an exhibit, answers of an interview.
"""

from __future__ import annotations

import json
import secrets
import string
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from tropa.rehearsal.browser import Value
from tropa.rehearsal.canaries import Planted
from tropa.rehearsal.language import gettext as _
from tropa.rehearsal.page import Form, Page
from tropa.rehearsal.promises import Broken
from tropa.rehearsal.scene import Scene
from tropa.rehearsal.volunteer import Volunteer

MOST_QUESTIONS = 25
LANGUAGES = 8


def keep_at_the_desk(scene: Scene, planted: Planted) -> None:
    """All of it but the reason a case is closed for. Raises Broken."""
    lead = scene.staff.lead
    _team_and_shift(lead, planted)
    _say_abilities(lead, planted)
    send(lead, "/find/", "q", {"q": planted.hatch("words typed to find or do")})
    _look_for_answers(scene, planted)
    _interview(scene, planted)
    _keep_for_a_court(scene, planted)


def close_the_case(scene: Scene, planted: Planted) -> None:
    """Close it with a reason; nothing of it goes yet. Raises Broken."""
    why = planted.hatch("reason of a closing")
    address = _keeping(scene)
    page = send(scene.staff.lead, address, "outcome", {"outcome": "closed", "reason": why}, press="close")
    _expect(scene, page, why, _("A case is closed with a reason its holders read"))


def send(
    volunteer: Volunteer, address: str, named: str, filling: Mapping[str, Value], *, press: str | None = None
) -> Page:
    """Fill in the form of this page that has this field. Raises Broken, also for what is refused."""
    page = volunteer.browser.get(address)
    sent = volunteer.browser.post(offering(page, named), page, filling, press=press)
    if sent.status != 200:
        raise Broken(_("The desk takes what is written on its forms"), f"{sent.status} {named} on {address}")
    return sent


def offering(page: Page, named: str) -> Form:
    """The form of a page that asks for this field. Raises Broken."""
    for form in page.forms:
        if named in form.offered:
            return form
    raise Broken(_("The desk offers its forms"), f"{named} on {page.address} ({page.status})")


def _team_and_shift(lead: Volunteer, planted: Planted) -> None:
    title, text = planted.hatch("name of a saved reply"), planted.hatch("saved reply")
    page = send(lead, "/replies/", "title", {"title": title, "text": text})
    if not (page.says(title) and page.says(text)):
        raise Broken(_("A team's text is kept"), page.address)
    page = send(lead, "/", "text", {"text": planted.hatch("note for the next shift")})
    if not page.says(planted.hatch("note for the next shift")):
        raise Broken(_("A note for the next shift is read by it"), page.address)
    name = planted.hatch("name of a view")
    if not send(lead, "/inbox/?queue=untaken", "name", {"name": name}).says(name):
        raise Broken(_("A view of the inbox is kept under a name"), name)


def _say_abilities(lead: Volunteer, planted: Planted) -> None:
    """Languages nobody speaks: their codes together lie nowhere by chance."""
    codes = sorted(
        {"".join(secrets.choice(string.ascii_lowercase) for _at in range(3)) for _one in range(40)}
    )
    told = codes[:LANGUAGES]
    planted.words["languages somebody writes in, as typed"] = " ".join(told)
    planted.words["languages somebody writes in, as kept"] = json.dumps(told)[1:-1]
    page = lead.browser.get("/account/")
    lanes = offering(page, "languages").options["lanes"][:2]
    send(lead, "/account/", "languages", {"languages": " ".join(told), "lanes": lanes, "most_cases": "7"})


def _look_for_answers(scene: Scene, planted: Planted) -> None:
    """In the library beside a reply, which finds what is typed there."""
    lead = scene.staff.lead
    page = lead.thread(scene.applicant.thread_id)
    form = next((one for one in page.forms if one.action.endswith("/answer/")), None)
    if form is None:
        raise Broken(_("The desk offers its forms"), page.address)
    asked = planted.hatch("words looked for in answers")
    lead.send_to(form.action.removesuffix("answer/") + "library/", page, text=asked, q=asked, asked=asked)


def _interview(scene: Scene, planted: Planted) -> None:
    """Answer what is asked; whatever day is asked for is one that is nobody's."""
    lead = scene.staff.lead
    address = f"/cases/{scene.case_id}/interview/"
    page = lead.browser.get(address)
    day = f"{2005 + secrets.randbelow(10)}-{1 + secrets.randbelow(12):02}-{1 + secrets.randbelow(28):02}"
    for _question in range(MOST_QUESTIONS):
        form = _asking(page)
        if form is None or "answer" not in form.offered:
            break
        options = form.options.get("answer")
        answer = options[0] if options else _typed(page, day)
        page = lead.browser.post(form, page, {"answer": answer}, press="")
    planted.words["day told in an interview"] = day
    form = _asking(page)
    if form is None or form.button("1") is None:
        raise Broken(_("Short questions can be kept as a note"), page.address)
    kept = lead.browser.post(form, page, press=_keep_button(form))
    if kept.status != 200:
        raise Broken(_("Short questions can be kept as a note"), f"{kept.status} {kept.address}")


def _asking(page: Page) -> Form | None:
    return next((one for one in page.forms if "asked" in one.offered or "was" in one.offered), None)


def _keep_button(form: Form) -> str:
    """All its buttons send "1": the one that keeps is told by its name."""
    form.buttons = [button for button in form.buttons if button.name == "keep"]
    return "1"


def _typed(page: Page, day: str) -> str:
    return "37" if b'inputmode="numeric"' in page.body else day


def _keep_for_a_court(scene: Scene, planted: Planted) -> None:
    """Hold the case, and keep a message of the person's with its file as an exhibit."""
    lead, address, why = scene.staff.lead, _keeping(scene), planted.hatch("reason of a hold")
    last = datetime.now(UTC).date() + timedelta(days=30)
    page = send(lead, address, "last_day", {"last_day": last.isoformat(), "reason": why}, press="hold")
    _expect(scene, page, why, _("A case is held with a reason its holders read"))
    own = [one for one in offering(page, "consent").options["consent"] if one]
    page = send(lead, address, "consent", {"entry": own[-1], "consent": own[0]})
    scene.promises.check(
        scene.database.value("SELECT count(*) FROM retention_exhibit") >= 1,
        _("A message can be kept as an exhibit"),
        f"{page.status} {page.address}",
    )


def _keeping(scene: Scene) -> str:
    return f"/cases/{scene.case_id}/keeping/"


def _expect(scene: Scene, page: Page, words: str, promise: str) -> None:
    scene.promises.check(page.says(words), promise, f"{page.status} {page.address}")
