"""`tropa answers list`: the answers of a library with their state, one a line."""

from __future__ import annotations

import argparse
import json

from tropa.cli.answers_library import add_folders, held
from tropa.cli.language import catalogue, gettext_noop
from tropa.cli.language import gettext as _
from tropa.counsel.library import Judged, State, Topic

ABOUT = gettext_noop("the answers with their state")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `tropa answers list`."""
    add_folders(parser)
    parser.add_argument("--topic", choices=[topic.value for topic in Topic], help=_("one topic only"))
    parser.add_argument("--state", choices=[state.value for state in State], help=_("one state only"))
    parser.add_argument("--fact", metavar="ID", help=_("only answers that rest on this fact"))
    parser.add_argument("--json", action="store_true", help=_("one JSON document, for programs"))


def run(arguments: argparse.Namespace) -> int:
    """1 when the library has a fault."""
    found = held(arguments)
    if found is None:
        return 1
    chosen = [one for one in found.judged() if _chosen(one, arguments)]
    if arguments.json:
        print(json.dumps([_row(one) for one in chosen], ensure_ascii=False, indent=1))
        return 0
    russian = catalogue().info().get("language", "").startswith("ru")
    for one in chosen:
        title = one.answer.title.ru if russian else one.answer.title.en
        print(f"{one.answer.id}\t{one.answer.topic}\t{one.state}\t{one.earliest.isoformat()}\t{title}")
    return 0


def _chosen(one: Judged, arguments: argparse.Namespace) -> bool:
    return (
        arguments.topic in (None, one.answer.topic)
        and arguments.state in (None, one.state)
        and (arguments.fact is None or arguments.fact in one.answer.facts)
    )


def _row(one: Judged) -> dict[str, object]:
    answer = one.answer
    return {
        "id": answer.id,
        "topic": answer.topic,
        "kind": answer.length,
        "state": one.state,
        "reasons": [[reason.why, reason.about] for reason in one.reasons],
        "facts": list(answer.facts),
        "title": {"ru": answer.title.ru, "en": answer.title.en},
        "owner": answer.owner,
        "as_of": answer.as_of.isoformat(),
        "due": one.earliest.isoformat(),
        "lawyer": answer.lawyer,
    }
