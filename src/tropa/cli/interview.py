"""`tropa interview`: asks what a volunteer would ask, or reads answers from a file, and says what follows.

Nothing is written anywhere: answers live in this process and on the terminal. `--check` holds the rule texts against
the atlas and runs the cases beside them, for who writes or reviews rules. Exit code 1: answers or rules refused.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime
from gettext import GNUTranslations
from pathlib import Path
from typing import TYPE_CHECKING

from tropa.cli.language import catalogue
from tropa.cli.language import gettext as _

if TYPE_CHECKING:
    from tropa.counsel.interview import Answers, Interview, Law, Teller, Told

SKIP, STOP = "", "."


def add_commands(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `tropa interview`."""
    about = _("Ask a few questions and say what follows from the answers, with reasons and dates.")
    parser = subparsers.add_parser("interview", description=about)
    parser.add_argument(
        "--as-of", type=date.fromisoformat, metavar="DAY", help=_("count the facts as reviewed on this day")
    )
    parser.add_argument(
        "--answers",
        type=Path,
        metavar="FILE",
        help=_("take the answers from a file, one “question: answer” a line"),
    )
    parser.add_argument("--json", action="store_true", help=_("one JSON document, for programs"))
    parser.add_argument("--language", choices=("ru", "en"), default=None, help=_("language of the answer"))
    parser.add_argument("--rules", type=Path, metavar="DIR", help=_("other rule texts than those of Tropa"))
    parser.add_argument(
        "--check",
        action="store_true",
        help=_("check the rule texts and the cases beside them, and ask nothing"),
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Ask, or read the file; 0 if all could be read."""
    from tropa.atlas import SHIPPED_PACK, load_pack
    from tropa.counsel.interview import SHIPPED_RULES, BadAnswers, Law, RulesRefused, Teller, read_book

    on = arguments.as_of or datetime.now(UTC).date()
    language = arguments.language or ("ru" if isinstance(catalogue(), GNUTranslations) else "en")
    try:
        book = read_book(arguments.rules or SHIPPED_RULES)
    except RulesRefused as error:
        print(error, file=sys.stderr)
        return 1
    if arguments.check:
        return _check(Law(book, load_pack(SHIPPED_PACK)))
    law = Law(book, load_pack(SHIPPED_PACK, reviewed_as_of=arguments.as_of))
    teller = Teller(law, language)
    try:
        if arguments.answers is None:
            return _ask(law, teller, on, as_json=arguments.json)
        answers = _from_file(arguments.answers, law, on)
    except BadAnswers as error:
        for line in _refused(error, language):
            print(line, file=sys.stderr)
        return 1
    except (OSError, UnicodeDecodeError) as error:
        print(f"{arguments.answers}: {error}", file=sys.stderr)
        return 1
    _show(law, teller, answers, on, as_json=arguments.json)
    return 0


def _check(law: Law) -> int:
    from tropa.counsel.interview.borders import failures, missing
    from tropa.counsel.interview.law import faults_of

    faults = [*faults_of(law.book, law.atlas), *failures(law.book, law.atlas), *missing(law.book, law.atlas)]
    for fault in faults:
        print(fault)
    cases = sum(len(case.days) for rule in law.book.rules for case in rule.cases)
    print(
        _("{rules} rules, {cases} cases on their days, {faults} faults").format(
            rules=len(law.book.rules), cases=cases, faults=len(faults)
        )
    )
    return 1 if faults else 0


def _from_file(file: Path, law: Law, on: date) -> Answers:
    from tropa.counsel.interview import read_answers

    return read_answers(_pairs(file.read_text(encoding="utf-8")), law.book, on)


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            question, _colon, answer = line.partition(":")
            yield question.strip(), answer.strip()


def _refused(error: object, language: str) -> Iterator[str]:
    from tropa.counsel.interview import BadAnswers
    from tropa.counsel.interview.words import REFUSED, translator

    assert isinstance(error, BadAnswers)
    for problem in error.problems:
        yield f"{problem.question}: {problem.written!r}: {translator(language)(REFUSED[problem.reason])}"


def _show(law: Law, teller: Teller, answers: Answers, on: date, *, as_json: bool) -> None:
    from tropa.counsel.interview import interview

    result = interview(law, answers, on)
    told = teller.told(result)
    print(_document(result, told) if as_json else "\n".join(_lines(told)))


def _document(result: Interview, told: Told) -> str:
    document = {"format": "tropa-interview 1", "as_of": result.day.isoformat(), **asdict(told)}
    return json.dumps(document, ensure_ascii=False, indent=1)


def _ask(law: Law, teller: Teller, on: date, *, as_json: bool) -> int:
    from tropa.counsel.interview import Answers, interview, read_answer
    from tropa.counsel.interview.errors import Wrong
    from tropa.counsel.interview.words import REFUSED, translator

    answers, skipped = Answers(), set[str]()
    hint = _("Type the number or the answer; nothing to skip, a full stop to end.")
    print(hint, file=sys.stderr)
    while True:
        result = interview(law, answers, on, skipped=skipped)
        told = teller.told(result)
        question = told.question
        if question is None:
            break
        for one in told.contradictions:
            print(f"! {one.text}", file=sys.stderr)
        print(f"\n{question.text}", file=sys.stderr)
        for number, (_written, words) in enumerate(question.options, 1):
            print(f"  {number} {words}", file=sys.stderr)
        typed = _typed()
        if typed == STOP:
            break
        if typed == SKIP:
            skipped.add(question.id)
            continue
        if question.options and typed.isdigit() and question.kind.value != "age":
            number = int(typed)
            typed = question.options[number - 1][0] if 0 < number <= len(question.options) else typed
        try:
            answers = answers.with_one(question.id, read_answer(law.book.questions[question.id], typed, on))
        except Wrong as wrong:
            print(f"! {translator(teller.language)(REFUSED[wrong.reason])}", file=sys.stderr)
    _show(law, teller, answers, on, as_json=as_json)
    return 0


def _typed() -> str:
    try:
        return input("> ").strip()
    except EOFError:
        return STOP


def _lines(told: Told) -> Iterator[str]:
    yield _("As of {day}").format(day=told.day)
    for one in told.contradictions:
        yield f"\n! {one.text} " + _("Which one is right?")
        yield from (f"  - {answer.asked} {answer.answer}" for answer in one.answers)
    for topic in told.topics:
        yield f"\n{topic.title}"
        for finding in topic.findings:
            yield f"  {finding.title}"
            for reason in finding.reasons:
                yield f"    {reason.sentence}"
                yield from (f"    {day}" for day in reason.days)
                yield from (f"      < {title}" for title in reason.because)
                yield from (f"      < {answer.asked} {answer.answer}" for answer in reason.answers)
                yield from (f"      [{fact.id}] {fact.words} ({fact.as_of})" for fact in reason.facts)
            if finding.person:
                yield f"    → {finding.person}"
            yield from (f"      ? {question}" for question in finding.not_known)
    if told.coming:
        yield "\n" + _("What will change")
        yield from (f"  {line}" for line in told.coming)
    if told.question is not None:
        yield "\n" + _("Next question") + f" ({told.question.id}): {told.question.text}"
        yield from (f"  {written}: {words}" for written, words in told.question.options)
