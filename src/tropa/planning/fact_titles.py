"""Short names of facts for a terminal, where ids alone would say nothing: "China: entry [entry-CN]".

Kept true: the id stands behind the name, for sources are listed by it. A fact of a kind that has no name here, or that
the atlas does not know, is called by its id.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tropa.atlas import (
    Atlas,
    EntryRule,
    ExitCheck,
    Fact,
    Hazard,
    Leg,
    Living,
    Obtain,
    PaperRefusal,
    Protection,
    StayRule,
)
from tropa.planning.sentences import gettext_noop as _
from tropa.planning.words import Words


def add_titles(words: Words, atlas: Atlas) -> Words:
    """The same words, which call facts by names as well; returned for use in place."""
    russian = words.language == "ru"
    named: Mapping[str, Fact[Any]] = {**atlas.places, **atlas.papers, **atlas.countries}
    for id_, known in named.items():
        words.names.setdefault(id_, known.value.name.ru if russian else known.value.name.en)
    for fact in atlas.facts.values():
        title = _title(fact, words)
        if title:
            words.titles[fact.id] = f"{title} [{fact.id}]"
    return words


def _title(fact: Fact[Any], words: Words) -> str:
    match fact.value:
        case Leg(origin=origin, target=target):
            return words.journey(origin, target)
        case EntryRule(country=country):
            return words.text(_("{country}: entry")).format(country=words.name(country))
        case ExitCheck(country=country):
            return words.text(_("{country}: check at the exit")).format(country=words.name(country))
        case StayRule(country=country):
            return words.text(_("{country}: lawful stay")).format(country=words.name(country))
        case PaperRefusal(country=country, paper=paper):
            text = words.text(_("{country}: does not accept {paper}"))
            return text.format(country=words.name(country), paper=words.name(paper))
        case Obtain(paper=paper):
            return words.text(_("how to get: {paper}")).format(paper=words.name(paper))
        case Protection(country=country, what=what):
            return f"{words.name(country)}: {words.name(what.value)}"
        case Hazard(subject=subject, scope=scope):
            text = words.text(_("danger ({subject}): {scope}"))
            return text.format(subject=words.name(subject.value), scope=words.fact(scope, bare=True))
        case Living(country=country):
            return words.text(_("{country}: price of living")).format(country=words.name(country))
        case _:
            return ""
