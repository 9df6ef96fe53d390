"""What stands beside the nine words: answers given at once, files that were not taken, or that a conversation came
from a messenger.

The page that shows it is made once, and nothing of it is stored for whoever asks for it again. So that a change of
language loses nothing, the form that changes it carries what stood there: names of answers, never a text. An answer is
judged anew before it is given again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from django.db import DatabaseError
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from tropa.atlas.errors import AtlasError
from tropa.counsel.errors import CounselError
from tropa.counsel.library import AnswerRefused, Given, Language, given
from tropa.desk.library.at_arrival import may_be_given
from tropa.desk.library.in_force import judged
from tropa.drop.at_arrival import MOST
from tropa.drop.languages import PageLanguage

REFUSED = re.compile(r"[1-9][0-9]?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Beside:
    """Answers in the order they are given; how many files were not taken, for want of room if `no_room`; `moved`: there
    was no message, the conversation came here from a messenger.
    """

    given: tuple[Given, ...] = ()
    refused: int = 0
    no_room: bool = False
    moved: bool = False

    @property
    def fields(self) -> SafeString:
        """Hidden fields that bring it along."""
        told = {
            "answers": " ".join(one.answer_id for one in self.given),
            "refused": str(self.refused) if self.refused else "",
            "no_room": "1" if self.no_room else "",
            "moved": "1" if self.moved else "",
        }
        return format_html_join(
            "",
            '<input type="hidden" name="{}" value="{}">',
            ((name, value) for name, value in told.items() if value),
        )


def beside_again(fields: Mapping[str, str], language: PageLanguage) -> Beside:
    """What a form brought along, in a language. Whatever else it says is left out."""
    refused = fields.get("refused", "")
    return Beside(
        given=_given_again(fields.get("answers", "")[:500].split()[:MOST], Language(language)),
        refused=int(refused) if REFUSED.fullmatch(refused) else 0,
        no_room=fields.get("no_room") == "1",
        moved=fields.get("moved") == "1",
    )


def _given_again(names: Sequence[str], language: Language) -> tuple[Given, ...]:
    found: list[Given] = []
    with suppress(AtlasError, CounselError, DatabaseError, OSError):
        states = judged() if names else {}
        for name in dict.fromkeys(names):
            state = states.get(name)
            if state is not None and may_be_given(state.answer):
                with suppress(AnswerRefused):
                    found.append(given(state, language))
    return tuple(found)
