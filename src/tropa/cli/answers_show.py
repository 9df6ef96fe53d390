"""`tropa answers show ID`: one answer whole, in both languages, with what it rests on and whether it may be given."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from tropa.cli.answers_library import Held, add_folders, held, said
from tropa.cli.language import gettext as _
from tropa.cli.language import gettext_noop
from tropa.counsel.library import Answer, Language, UnknownAnswer, judge

ABOUT = gettext_noop("one answer whole, with what it rests on")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `tropa answers show`."""
    parser.add_argument("id", help=_("the answer's id"))
    parser.add_argument("--language", choices=[one.value for one in Language], help=_("one language only"))
    add_folders(parser)


def run(arguments: argparse.Namespace) -> int:
    """1 when there is no such answer or the library has a fault."""
    found = held(arguments)
    if found is None:
        return 1
    try:
        answer = found.library.answer(arguments.id)
    except UnknownAnswer:
        print(_("no answer has the id {id}").format(id=arguments.id), file=sys.stderr)
        return 1
    wanted = [Language(arguments.language)] if arguments.language else list(Language)
    for line in _lines(answer, found, wanted):
        print(line)
    return 0


def _lines(answer: Answer, found: Held, wanted: list[Language]) -> Iterator[str]:
    judged = judge(answer, found.atlas, found.on)
    yield f"{answer.id}  {answer.topic}  {answer.length}  {judged.state}"
    for reason in judged.reasons:
        yield f"! {said(reason)}"
    for language in wanted:
        title, text = answer.in_language(language)
        yield from ("", f"[{language}] {title}", "", text)
    yield ""
    for fact_id in answer.facts:
        fact = found.atlas.facts.get(fact_id)
        yield (
            f"{fact_id}  {fact.as_of.text} – {fact.review_by.isoformat()}  {fact.confidence}"
            if fact
            else fact_id
        )
    yield _("owner: {owner}; to be checked by {day}; lawyer: {lawyer}").format(
        owner=answer.owner, day=judged.earliest.isoformat(), lawyer=answer.lawyer
    )
    for event in answer.history:
        yield f"{event.on.isoformat()}  {event.what}"
