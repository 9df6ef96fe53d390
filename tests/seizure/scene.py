"""Plays the whole path through the real services and pages, with words that must be found nowhere afterwards.

Every word is synthetic and odd enough to occur nowhere by chance. What is secret by nature (keys, codename,
cookie, passphrases) is taken as it is made.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.desk.plans.example_plans import PERSON, ReadyPlanner
from tests.desk.world import RECOVERY, World, Written, build_world, signed_in
from tropa.desk.cases.card import Card, PaperInHand, Situation, Wish
from tropa.desk.cases.models import Case
from tropa.desk.cases.services import save_card
from tropa.desk.plans import planner
from tropa.desk.plans.models import Plan
from tropa.desk.plans.services import approve, ask_review, release_step, return_plan, save_facts
from tropa.desk.staff.cookies import VISIT_COOKIE
from tropa.desk.talk.arrivals import receive_more
from tropa.desk.talk.body import EntryBody
from tropa.desk.talk.files import IncomingFile
from tropa.desk.talk.inbox import InboxFilters, inbox_page
from tropa.desk.talk.queries import thread_entries
from tropa.desk.talk.services import note, reply, save_draft, take
from tropa.desk.vault.services import open_case_seed, open_duty_seed

WORDS = {
    "message": "зяблик-повестка-семьдесят-один лежит под ковром",
    "name": "Феофилакт Зябликов-Канарейкин",
    "handle": "@kanareyka_handle_5521",
    "phone": "+7 901 555-71-71",
    "place": "Нижнезябликово-на-Канарейке",
    "second message": "после зяблика прилетел щегол-канарейкин",
    "message nobody took": "чиж ждёт на ветке канарейкиной",
    "file name": "kanareyka-povestka-scan.pdf",
    "file content": "снимок повестки канарейки номер 5521",
    "answer": "Купите билет щеглу до канареечного города",
    "note": "заметка: щегол боится канареек",
    "draft": "черновик для щегла, канареечный",
    "step": "Шаг первый: пройдите мимо канареечной лавки",
    "other step": "Шаг второй: щегол ждёт у канареечной лавки",
    "why returned": "вернуть: щегол туда не долетит, канарейкин мост закрыт",
    "wrong password": "kanareyka-wrong-password-5521",
    "wrong passphrase": "kanareyka wrong passphrase 5521",
    "searched address": "kanareyka-search-term-5521",
    "written on a page": "ответ щеглу со страницы, канареечный",
}
CARD = Card(
    situation=Situation.PRESSED,
    papers=frozenset({PaperInHand.FOREIGN_10}),
    wishes=frozenset({Wish.LEAVE_UNIT}),
)


@dataclass(slots=True)
class Scene:
    """What was played: words and keys that must be found nowhere, and the world to look at."""

    world: World
    written: Written
    case: Case
    words: dict[str, str] = field(repr=False)
    keys: dict[str, bytes] = field(repr=False)


@contextmanager
def played() -> Iterator[Scene]:
    """The scene, played to its end."""
    planner.use(ReadyPlanner())
    try:
        yield _play()
    finally:
        planner.use(None)


def _play() -> Scene:
    world = build_world()
    text = "\n".join(WORDS[name] for name in ("message", "name", "handle", "phone", "place"))
    written = world.write_in(text)
    world.write_in(WORDS["message nobody took"])
    inbox_page(reader=world.vera.reader(), filters=InboxFilters())
    thread_entries(reader=world.vera.reader(), thread=written.thread)
    duty = open_duty_seed(reader=world.vera.reader(), epoch=world.epoch)
    case = take(reader=world.boris.reader(), thread=written.thread, second=world.anna.member)
    written.thread.refresh_from_db()
    _talk(world, written)
    _plan(world, written, case)
    token = _pages(world, written)
    save_draft(reader=world.boris.reader(), thread=written.thread, text=WORDS["draft"])
    scene = Scene(world, written, case, words=dict(WORDS), keys={})
    _remember(scene, token, open_case_seed(reader=world.boris.reader(), case=case).seed.raw, duty.raw)
    return scene


def _talk(world: World, written: Written) -> None:
    thread = written.thread
    file = IncomingFile(WORDS["file name"], "application/pdf", WORDS["file content"].encode() * 400)
    receive_more(
        thread=thread,
        signing=written.signing,
        body=EntryBody(text=WORDS["second message"], at=world.now),
        files=[file],
        dedupe_tag="d" * 32,
        now=world.now,
    )
    reply(reader=world.boris.reader(), thread=thread, text=WORDS["answer"])
    note(reader=world.anna.reader(), thread=thread, text=WORDS["note"])
    thread_entries(reader=world.anna.reader(), thread=thread)


def _plan(world: World, written: Written, case: Case) -> None:
    boris, anna = world.boris.reader(), world.anna.reader()
    save_card(reader=boris, case=case, card=CARD, version=0)
    save_facts(reader=boris, case=case, facts=PERSON, version=0)
    texts = {1: WORDS["step"], 2: WORDS["other step"]}
    chosen = ReadyPlanner().set.plans[0]

    def asked() -> Plan:
        return ask_review(reader=boris, case=case, thread=written.thread, plan=chosen, step_texts=texts)

    return_plan(reader=anna, plan=asked(), reasons=(), words=WORDS["why returned"])
    plan = approve(reader=anna, plan=asked())
    release_step(reader=boris, step=plan.steps.get(number=1))


def _pages(world: World, written: Written) -> str:
    """What is typed into pages, the wrong things too. Returns the cookie of an open visit."""
    client = signed_in(world.boris)
    token = client.cookies[VISIT_COOKIE].value
    client.post("/sign-in/", {"pseudonym": "Борис", "password": WORDS["wrong password"], "code": "000000"})
    client.post("/unlock/", {"passphrase": WORDS["wrong passphrase"]})
    client.get(f"/no-such-page-{WORDS['searched address']}/?q={WORDS['searched address']}")
    page = f"/threads/{written.thread.pk}/"
    assert WORDS["place"] in client.get(page).content.decode()
    sent = client.post(
        f"{page}answer/", {"text": WORDS["written on a page"], "act": "reply", "token": "e" * 32}
    )
    assert sent.status_code == 302
    return str(token)


def _remember(scene: Scene, token: str, case_seed: bytes, duty_seed: bytes) -> None:
    """Everything that opens something: as words when it is typed, as bytes when it is a key."""
    codename, keys = scene.written.codename, scene.written.keys
    scene.words |= {
        "codename": " ".join(codename.words),
        "codename with dashes": "-".join(codename.words),
        "part of the codename": " ".join(codename.words[:3]),
        "cookie": token,
    }
    scene.words |= {f"value of the card: {value}": value for value in (CARD.situation or "", *CARD.papers)}
    scene.keys |= {
        "codename": codename.entropy,
        "applicant's seed": keys.seed.raw,
        "case's seed": case_seed,
        "duty seed": duty_seed,
        "recovery key": RECOVERY.raw,
        "digest of the codename": hashlib.sha256(codename.entropy).digest(),
    }
    for name in ("anna", "boris", "vera", "stranger"):
        person = getattr(scene.world, name)
        scene.words |= {
            f"{name}'s password": person.kept.password,
            f"{name}'s passphrase": person.kept.passphrase,
        }
        scene.keys |= {f"{name}'s seed": person.seed.raw, f"{name}'s second factor": person.kept.totp}
