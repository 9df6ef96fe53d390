"""The planner's reasons as sentences, in the language of the page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tropa.desk.facts import atlas
from tropa.desk.pages.fact_words import title_of
from tropa.desk.plans import wording
from tropa.desk.plans.content import PlanContent
from tropa.planning.plan import PlanSet, Reason
from tropa.planning.words import Words


@dataclass(frozen=True, slots=True)
class Sentences:
    """Says reasons about one answer."""

    words: Words

    def one(self, reason: Reason) -> str:
        """A reason as a sentence."""
        return _titled(self.words.say(reason), reason)

    def all(self, reasons: Iterable[Reason]) -> list[str]:
        """Several, each once, in their order."""
        return list(dict.fromkeys(map(self.one, reasons)))


def _titled(sentence: str, reason: Reason) -> str:
    """The sentence with titles in place of the ids of facts: nobody on a desk reads ids."""
    named = {"fact", "facts", "about"} if ("wish", "leg") in reason.values else {"fact", "facts"}
    ids = {one for name, value in reason.values if name in named for one in value.split()}
    known = atlas().facts
    for one in ids & known.keys():
        whole = re.compile(rf"(?<![\w-]){re.escape(one)}(?![\w-])")
        sentence = title_of(known[one]).join(whole.split(sentence))
    return sentence


def sentences_for(answer: PlanSet) -> Sentences:
    """For the planner's answer."""
    return Sentences(Words("ru" if wording.russian() else "en", answer))


def stored_sentences(content: PlanContent) -> Sentences:
    """For a stored plan, with the names it was stored with."""
    return sentences_for(
        PlanSet(
            on=content.on,
            atlas_version=content.atlas_version,
            plans=(),
            front=(),
            roads=0,
            closed=(),
            changes=(),
            no_plan=None,
            facts=content.facts,
            places=content.places,
            papers=content.papers,
            countries=content.countries,
        )
    )
