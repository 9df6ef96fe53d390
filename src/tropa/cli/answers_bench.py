"""`tropa answers bench FILE`: how well and how fast finding works on a file of passages and questions.

The file is read, measured and forgotten; nothing is written, nothing is fetched.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from tropa.cli.language import gettext as _
from tropa.cli.language import gettext_noop
from tropa.counsel.bench import Measured, measure, read_bench
from tropa.counsel.errors import BadBench

ABOUT = gettext_noop("measure finding on a file of passages and questions")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `tropa answers bench`."""
    parser.add_argument(
        "file", type=Path, metavar="FILE.jsonl", help=_("lines with id, text or with question, answer_id")
    )
    parser.add_argument("--json", action="store_true", help=_("one JSON document, for programs"))
    parser.add_argument(
        "--missed", action="store_true", help=_("list the questions that were not answered first")
    )


def run(arguments: argparse.Namespace) -> int:
    """Measure; 1 when the file cannot be read or has a fault."""
    try:
        with arguments.file.open(encoding="utf-8") as lines:
            passages, queries = read_bench(lines)
    except BadBench as error:
        for fault in error.faults:
            print(f"{arguments.file}: {fault}", file=sys.stderr)
        return 1
    except (OSError, UnicodeDecodeError) as error:
        print(f"{arguments.file}: {error}", file=sys.stderr)
        return 1
    measured = measure(passages, queries, clock=time.process_time)
    print(_as_json(measured, missed=arguments.missed) if arguments.json else _as_text(measured))
    if arguments.missed and not arguments.json:
        for query in measured.missed:
            print(f"{query.answer_id}\t{query.question}")
    return 0


def _as_text(measured: Measured) -> str:
    lines = [
        _("passages: {number}").format(number=measured.passages),
        _("questions: {number}").format(number=measured.questions),
        f"recall@1: {measured.first:.4f}",
        f"recall@5: {measured.first_five:.4f}",
        f"MRR: {measured.reciprocal_rank:.4f}",
        _("milliseconds of processor time for a question: {number}").format(
            number=f"{measured.milliseconds:.2f}"
        ),
    ]
    return "\n".join(lines)


def _as_json(measured: Measured, *, missed: bool) -> str:
    told: dict[str, object] = {
        "passages": measured.passages,
        "questions": measured.questions,
        "recall@1": round(measured.first, 6),
        "recall@5": round(measured.first_five, 6),
        "mrr": round(measured.reciprocal_rank, 6),
        "ms_per_query": round(measured.milliseconds, 4),
    }
    if missed:
        told["missed"] = [
            {"question": query.question, "answer_id": query.answer_id} for query in measured.missed
        ]
    return json.dumps(told, ensure_ascii=False)
