"""The questions a card leaves open, as a text to the person, in their language, the most urgent first.

It is a draft: a volunteer reads it, changes it and sends it, or does not. It asks for nothing that says who somebody
is, and says that every question may be left out.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from tropa.desk.cases.card import Card

LANGUAGES = ("ru", "en")
ASKED: Mapping[str, Promise] = {
    "danger": _("Is anybody's life or health in danger right now?"),
    "deadline": _("Is there a day by which something has to be done? Which one?"),
    "other_readers": _("Who else can see this conversation or this device?"),
    "asking_for": _("Are you writing about yourself or about somebody close to you?"),
    "situation": _("What is happening: a summons, the commission, service, a hospital, something else?"),
    "whereabouts": _("In which country is the person, and in Russia in which region? No address, please."),
    "papers": _(
        "Which papers are in hand: internal passport, foreign passport and for how many years, military ID?"
    ),
    "bans": _("Do you know of an exit ban, a criminal case, debts or a court decision?"),
    "dependants": _("Who would go along, or depends on this person?"),
    "wishes": _(
        "What would you like most: to understand the law, a deferral, to leave, protection, something else?"
    ),
}
"""By the names of the card's questions, in the order in which they are asked."""


def missing_questions(card: Card) -> list[str]:
    """Names of the questions the card has no answer to, the most urgent first."""
    return [name for name in ASKED if not getattr(card, name)]


def asking_text(card: Card, *, language: str) -> str:
    """The text in a language pages come in (any other: Russian); empty when nothing is missing."""
    names = missing_questions(card)
    if not names:
        return ""
    with override(language if language in LANGUAGES else LANGUAGES[0]):
        opening = gettext(
            "To help you well we lack a few things. Answer only what is safe to answer; no names, addresses or unit"
            " numbers are needed, and any question may be left out."
        )
        lines = [f"{number}. {ASKED[name]}" for number, name in enumerate(names, 1)]
    return "\n".join([opening, "", *lines])
