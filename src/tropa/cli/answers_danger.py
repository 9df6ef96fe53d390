"""`tropa answers danger [FILE]`: how many dangerous texts the recogniser recognises, and every one it misses.

Without a file it is measured on the shipped texts held out from its building. 1 when the file cannot be read or has a
fault; a miss is a finding, no failure.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tropa.cli.language import gettext as _
from tropa.cli.language import gettext_noop
from tropa.counsel.danger_measure import Measured, Share, measure
from tropa.counsel.errors import BadSet
from tropa.counsel.marked import HELD_OUT, read_marked

ABOUT = gettext_noop("measure the recogniser of danger on marked texts and list every miss")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `tropa answers danger`."""
    parser.add_argument(
        "file",
        type=Path,
        nargs="?",
        default=HELD_OUT,
        metavar="FILE",
        help=_("lines `kind | text`; the shipped texts held out, when none is named"),
    )
    parser.add_argument("--json", action="store_true", help=_("one JSON document, for programs"))
    parser.add_argument("--alarms", action="store_true", help=_("list the false alarms too"))


def run(arguments: argparse.Namespace) -> int:
    """Measure and say what was missed."""
    try:
        with arguments.file.open(encoding="utf-8") as lines:
            measured = measure(read_marked(lines))
    except (BadSet, OSError, UnicodeDecodeError) as error:
        print(f"{arguments.file}: {error}", file=sys.stderr)
        return 1
    print(_as_json(measured) if arguments.json else _as_text(measured, alarms=arguments.alarms))
    return 0


def _as_text(measured: Measured, *, alarms: bool) -> str:
    lines = [
        _("dangerous texts recognised: {share}").format(share=_share(measured.recalled)),
        *(
            f"  {kind.value}: {share.number}/{share.of}"
            for kind, share in measured.by_kind.items()
            if share.of
        ),
        _("false alarms among harmless texts: {share}").format(share=_share(measured.alarmed)),
        _("missed: {number}").format(number=len(measured.missed)),
        *(f"  {', '.join(sorted(marked.kinds))}: {marked.text}" for marked in measured.missed),
    ]
    if alarms:
        lines += [_("false alarms:"), *(f"  {text}" for text in measured.false_alarms)]
    return "\n".join(lines)


def _share(share: Share) -> str:
    low, high = share.bounds
    return _("{number} of {of} = {value}, at 95 % between {low} and {high}").format(
        number=share.number, of=share.of, value=f"{share.value:.4f}", low=f"{low:.4f}", high=f"{high:.4f}"
    )


def _as_json(measured: Measured) -> str:
    told = {
        "recalled": _plain(measured.recalled),
        "alarmed": _plain(measured.alarmed),
        "by_kind": {kind.value: _plain(share) for kind, share in measured.by_kind.items() if share.of},
        "missed": [{"text": marked.text, "kinds": sorted(marked.kinds)} for marked in measured.missed],
        "false_alarms": list(measured.false_alarms),
    }
    return json.dumps(told, ensure_ascii=False)


def _plain(share: Share) -> dict[str, object]:
    low, high = share.bounds
    return {
        "number": share.number,
        "of": share.of,
        "value": round(share.value, 6),
        "low": round(low, 6),
        "high": round(high, 6),
    }
