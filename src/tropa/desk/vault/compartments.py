"""Compartments: what kind of content lies where, which services open it, and which pages have business with it.

Handles and where browsers are told are the gateway's alone and testimony has a key of its own: no page of the desk
names any of them. What is opened
says where it lies by its context, so a test can watch every opening while pages are walked and refuse one by a
service or for a page that does not state it here.
"""

from __future__ import annotations

from enum import StrEnum


class Compartment(StrEnum):
    """A kind of content."""

    KEYS = "keys"  # grants and parts of keys: what opens the others
    SELF = "self"  # one's own seed and second factor
    TALK = "talk"  # entries, drafts, files
    CARD = "card"
    PLANS = "plans"  # plan facts, plans, released steps
    LOG = "log"
    KEEPING = "keeping"  # why a case was closed or is held
    EXHIBITS = "exhibits"  # what people let us keep
    ATLAS = "atlas"  # the organisation's own changes of facts
    LIBRARY = "library"  # its own texts for the public
    HANDLES = "handles"  # how a messenger reaches somebody
    TESTIMONY = "testimony"
    COLLEAGUES = (
        "colleagues"  # where a volunteer wants to be asked to come, for coordinators who call them in
    )
    PUSH = "push"  # where a volunteer's browser is told that something waits; the sending process's alone


TABLES = {
    "staff_member": Compartment.SELF,
    "staff_visit": Compartment.SELF,
    "vault_casegrant": Compartment.KEYS,
    "vault_casekey": Compartment.KEYS,
    "vault_dutygrant": Compartment.KEYS,
    "vault_dutylink": Compartment.KEYS,
    "vault_standbyshare": Compartment.KEYS,
    "vault_breakglasspart": Compartment.KEYS,
    "talk_entry": Compartment.TALK,
    "talk_draft": Compartment.TALK,
    "talk_chunk": Compartment.TALK,
    "talk_savedview": Compartment.TALK,
    "talk_handover": Compartment.TALK,
    "talk_savedreply": Compartment.TALK,
    "cases_triagecard": Compartment.CARD,
    "plans_planfacts": Compartment.PLANS,
    "plans_plan": Compartment.PLANS,
    "plans_release": Compartment.PLANS,
    "work_opencopy": Compartment.PLANS,  # for the sentinel, if there is one
    "work_finding": Compartment.PLANS,
    "audit_record": Compartment.LOG,
    "retention_closing": Compartment.KEEPING,
    "retention_hold": Compartment.KEEPING,
    "retention_exhibit": Compartment.EXHIBITS,
    "retention_exhibitkey": Compartment.KEYS,
    "retention_exhibitchunk": Compartment.EXHIBITS,
    "atlas_change": Compartment.ATLAS,
    "library_answerchange": Compartment.LIBRARY,
    "messengers_address": Compartment.HANDLES,
    "messengers_outgoing": Compartment.TALK,  # how a message ended, sealed to its case
    "messengers_channelstate": Compartment.HANDLES,
    "messengers_doorway": Compartment.HANDLES,  # for whoever has the words
    "messengers_moveticket": Compartment.HANDLES,  # for whoever has the code
    "vault_callinaddress": Compartment.COLLEAGUES,
    "push_pushsubscription": Compartment.PUSH,
    "channels": Compartment.HANDLES,
}
"""Where the content of each sealed table belongs."""

SERVICES = {
    "tropa.desk.staff": {Compartment.SELF},
    "tropa.desk.vault": {Compartment.KEYS, Compartment.COLLEAGUES},
    "tropa.desk.talk": {Compartment.TALK},
    "tropa.desk.messengers": {Compartment.TALK},
    "tropa.desk.cases": {Compartment.CARD},
    "tropa.desk.plans": {Compartment.PLANS},
    "tropa.desk.work": {Compartment.PLANS},
    "tropa.desk.retention": {Compartment.KEEPING, Compartment.EXHIBITS, Compartment.KEYS},
    "tropa.desk.audit": {Compartment.LOG},
    "tropa.desk.atlas": {Compartment.ATLAS},
    "tropa.desk.library": {Compartment.LIBRARY},
}
"""Which compartment the services of each app open; no other app opens anything."""

EVERYWHERE = {Compartment.SELF, Compartment.KEYS}
PAGES = {
    "tropa.desk.pages": {Compartment.TALK, Compartment.PLANS, Compartment.ATLAS, Compartment.LOG},
    "tropa.desk.talk": {Compartment.TALK, Compartment.CARD},
    "tropa.desk.messengers": {Compartment.TALK},
    "tropa.desk.contacts": set[Compartment](),
    "tropa.desk.cases": {Compartment.CARD},
    "tropa.desk.plans": {Compartment.TALK, Compartment.CARD, Compartment.PLANS, Compartment.ATLAS},
    "tropa.desk.atlas": {Compartment.ATLAS},
    "tropa.desk.library": {Compartment.LIBRARY, Compartment.ATLAS, Compartment.TALK},
    "tropa.desk.staff": set[Compartment](),
    "tropa.desk.push": set[Compartment](),
    "tropa.desk.vault": {Compartment.COLLEAGUES},
    "tropa.desk.retention": {Compartment.KEEPING, Compartment.EXHIBITS, Compartment.TALK},
    "tropa.desk.live": set[Compartment](),
}
"""What the pages of each app have business with, beside `EVERYWHERE`."""


def app_of(module: str) -> str:
    """`tropa.desk.talk.views` is of `tropa.desk.talk`."""
    return ".".join(module.split(".")[:3])
