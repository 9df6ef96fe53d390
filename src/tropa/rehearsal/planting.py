"""Plays the path with canaries: texts nobody has ever written, put through every entrance there is, to be searched for
on the disk afterwards.

Nothing is erased at the end: what is examined is a desk at work. Canaries and keys stay in memory.
"""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from urllib.parse import quote

from tropa.envelope import Codename, applicant_keys, totp
from tropa.rehearsal import answering, deciding, reading, writing
from tropa.rehearsal.applicant import Applicant
from tropa.rehearsal.browser import Browser, File, Unkept
from tropa.rehearsal.canaries import Planted
from tropa.rehearsal.language import gettext as _
from tropa.rehearsal.page import Form, Page
from tropa.rehearsal.path import begun, sign_staff_in
from tropa.rehearsal.planting_at_the_desk import close_the_case, keep_at_the_desk
from tropa.rehearsal.planting_in_an_account import be_told, put_account_anew
from tropa.rehearsal.planting_of_codes import take_a_code
from tropa.rehearsal.promises import Broken, Promises
from tropa.rehearsal.scene import Scene
from tropa.rehearsal.volunteer import CARD, Volunteer
from tropa.rehearsal.world import Installation
from tropa.seizure.store import Store

INVITATION = re.compile(r'class="secret invitation">([^<]+)<')
SECOND_FACTOR = re.compile(r"secret=([A-Z2-7]+)")
TABLES_TAKEN_AWAY = ("talk_thread", "talk_entry")


def play_planted(
    installation: Installation,
    promises: Promises,
    *,
    texts: Sequence[str] = (),
    language: str = "ru",
    by_messenger: Callable[[Volunteer, Promises, Planted], None] | None = None,
) -> Planted:
    """Play a conversation for each text (or for a canary) and everything beside it; `by_messenger` plays one that
    comes through the gateway, where a gateway runs and notices outside the page are on. Raises Broken.
    """
    planted = Planted()
    staff = sign_staff_in(installation, promises, language)
    for number, text in enumerate(texts or (planted.hatch("message"),), 1):
        planted.words[f"text {number}"] = text
        scene = begun(installation, promises, staff, language, text)
        _converse(scene, planted)
        planted.words |= {f"said {number}.{place}": said for place, said in enumerate(scene.said)}
        codename = Codename.parse(" ".join(scene.applicant.words))
        planted.keys |= {
            f"codename {number}": codename.entropy,
            f"applicant's seed {number}": applicant_keys(codename).seed.raw,
        }
    _mistype(installation, staff.lead, planted, language)
    _invite(installation, staff.lead, planted, language)
    keep_at_the_desk(scene, planted)
    put_account_anew(next(one for one in staff.others if one is not scene.second), planted)
    if by_messenger:
        by_messenger(staff.lead, promises, planted)
        take_a_code(scene, planted)
        be_told(staff.lead, planted)
    _break_down(scene, planted)
    close_the_case(scene, planted)
    _remember_people(installation, staff.lead, planted)
    return planted


def _converse(scene: Scene, planted: Planted) -> None:
    lead, thread_id = scene.staff.lead, ""
    for act in (writing.write_in, writing.come_back, answering.take_and_answer):
        act(scene)
    thread_id = scene.applicant.thread_id
    lead.answer(lead.thread(thread_id), planted.hatch("note"), act="note")
    deciding.plan(scene)
    assert scene.second is not None
    why = planted.hatch("reason of a return")
    scene.second.give_back(scene.second.review(scene.plan_id), why)
    scene.promises.check(
        lead.review(scene.plan_id).says(why), _("A plan goes back to its author with the reason")
    )
    _plan_again(scene, planted)
    deciding.agree_and_release(scene)
    reading.read(scene)
    reading.answer_back(scene)
    name = planted.hatch("file name").replace(" ", "-")
    planted.words["file name as sent"] = name
    content = (planted.hatch("file content") + "\n").encode() * 500
    scene.applicant.write_more(planted.hatch("further message"), [File("files", f"{name}.pdf", content)])
    page = lead.thread(thread_id)
    scene.promises.check(
        page.says(planted.hatch("further message")) and page.says(name),
        _("A message with a file reaches the desk"),
        page.address,
    )
    lead.answer(page, planted.hatch("draft"), act="draft")
    found = lead.search(planted.hatch("further message"))
    scene.promises.check(
        found.link(f"/threads/{thread_id}/") is not None,
        _("A search finds a message somebody may open"),
        found.address,
    )
    lead.search(planted.hatch("words looked for"))


def _plan_again(scene: Scene, planted: Planted) -> None:
    """With a day that is nobody's but this plan's."""
    day = f"{2060 + secrets.randbelow(30)}-{1 + secrets.randbelow(12):02}-{1 + secrets.randbelow(28):02}"
    lead = scene.staff.lead
    bench = lead.set_facts(lead.thread(scene.applicant.thread_id), more={"deadline": day})
    facts = lead.facts_form(bench)
    words = lead.words_for_steps(bench)
    scene.steps = lead.drafted(words)
    scene.said += scene.steps
    page = lead.ask_review(words)
    scene.promises.check(
        "/review/" in page.address and f'value="{day}"'.encode() in facts.body,
        _("The facts can be changed and another plan chosen"),
        page.address,
    )
    scene.plan_id = page.address.split("/review/")[1].split("/")[0]
    planted.words["plan fact: day"] = day
    answers = [one for value in CARD.values() for one in ([value] if isinstance(value, str) else value or [])]
    planted.words |= {f"triage answer: {one}": one for one in answers if "-" in one}


def _mistype(installation: Installation, lead: Volunteer, planted: Planted, language: str) -> None:
    """Wrong words, passwords, passphrases, and what somebody looks for."""
    Applicant(installation.drop, language).come_back(planted.hatch("wrong nine words"))
    Browser(installation.drop, language=language).get(f"/{quote(planted.hatch('address of the drop'))}/")
    thief = Volunteer(installation.desk, lead.who, language)
    page = thief.browser.get("/sign-in/")
    thief.browser.post(
        next(form for form in page.forms if "password" in form.offered),
        page,
        {
            "pseudonym": lead.who.pseudonym,
            "password": planted.hatch("wrong password"),
            "code": planted.hatch("wrong recovery code"),
        },
    )
    term = quote(planted.hatch("search term"))
    places = ("/inbox/", "/atlas/", "/answers/", "/answers/all/missing/", "/review/", "/people/")
    for address in (*(f"{place}?q={term}" for place in places), f"/atlas/{term}/"):
        lead.browser.get(address)
    form = next(form for form in lead.browser.get("/").forms if form.action.endswith("/lock/"))
    page = lead.browser.post(form, lead.browser.get("/"))
    page = lead.browser.get("/unlock/")
    form = next(form for form in page.forms if "passphrase" in form.offered)
    lead.browser.post(form, page, {"passphrase": planted.hatch("wrong passphrase")})
    lead.unlock()


def _invite(installation: Installation, lead: Volunteer, planted: Planted, language: str) -> None:
    """A coordinator invites, a newcomer joins."""
    page = lead.browser.get("/people/")
    form = page.form("/people/invite/")
    if form is None:
        raise Broken(_("A coordinator can invite"), page.address)
    found = INVITATION.search(lead.browser.post(form, page).body.decode())
    if found is None:
        raise Broken(_("An invitation has a code"), page.address)
    planted.words["invitation"] = found[1].strip()
    newcomer = Browser(installation.desk, language=language)
    page = newcomer.get("/join/")
    page = newcomer.post(_offering(page, "invitation"), page, {"invitation": planted.words["invitation"]})
    secret = SECOND_FACTOR.search(page.body.decode())
    if secret is None:
        raise Broken(_("An invitation lets a newcomer make keys"), f"{page.status} {page.address}")
    planted.words["newcomer's second factor"] = secret[1]
    planted.keys["newcomer's second factor"] = base64.b32decode(secret[1])
    form = _offering(page, "secret")
    filled = {
        "pseudonym": f"Щегол-{secrets.token_hex(3)}",
        "code": totp(planted.keys["newcomer's second factor"], datetime.now(UTC)),
    }
    for name in form.offered:
        if "pass" in name:
            kind = "newcomer's passphrase" if "phrase" in name else "newcomer's password"
            filled[name] = planted.hatch(kind)
    page = newcomer.post(form, page, filled)
    if page.status != 200:
        raise Broken(_("An invitation lets a newcomer make keys"), f"{page.status} {page.address}")


def _break_down(scene: Scene, planted: Planted) -> None:
    """What people send while the database is broken: tracebacks must not carry it."""
    applicant = Applicant(scene.installation.drop, scene.language)
    applicant.open_first_page()
    lead = scene.staff.lead
    page = lead.thread(scene.applicant.thread_id)
    failed = 0
    with _tables_taken_away(scene.installation.store):
        try:
            applicant.write(planted.hatch("message into a traceback"))
        except Unkept:
            failed += 1
        try:
            lead.answer(page, planted.hatch("answer into a traceback"))
        except Unkept:
            failed += 1
    scene.promises.check(
        failed > 0, _("With its tables taken away the desk fails, and its error is recorded")
    )


@contextmanager
def _tables_taken_away(store: Store) -> Iterator[None]:
    for table in TABLES_TAKEN_AWAY:
        store.change(f"ALTER TABLE {table} RENAME TO {table}_away")
    try:
        yield
    finally:
        for table in reversed(TABLES_TAKEN_AWAY):
            store.change(f"ALTER TABLE {table}_away RENAME TO {table}")


def _remember_people(installation: Installation, lead: Volunteer, planted: Planted) -> None:
    """What people keep in their heads and their browsers."""
    for person in installation.people:
        planted.words |= {
            f"password of {person.pseudonym}": person.password,
            f"passphrase of {person.pseudonym}": person.passphrase,
        }
        planted.keys[f"second factor of {person.pseudonym}"] = person.totp
    planted.words |= {
        f"cookie {name}": value for name, value in lead.browser.cookies.items() if len(value) > 20
    }


def _offering(page: Page, named: str) -> Form:
    """The form of a page that asks for this field."""
    for form in page.forms:
        if named in form.offered:
            return form
    raise Broken(_("The desk offers its forms"), f"{named} on {page.address} ({page.status})")
