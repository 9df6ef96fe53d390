"""What `tropa atlas import` says: lines for people, one JSON document for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from tropa.atlas.importing.results import Import, ImportRefused, RowChange, VisaRule
from tropa.atlas.importing.territories import territories
from tropa.atlas.phrases import gettext_lazy as _
from tropa.atlas.report import LANGUAGE, Translate

SHORT: Final = 20
"""Lines of each list, where not all are asked for."""


def said(
    result: Import,
    changes: tuple[RowChange, ...] | None,
    translate: Translate,
    *,
    file: str,
    listed: bool,
    whole: bool,
) -> Iterator[str]:
    """The result as lines, each refused row by file and line. `changes`: against the import before, None where there
    was none. `listed`: name every destination. `whole`: all refusals, proposals, conflicts and changes instead of the
    first twenty.
    """
    yield _(
        "{kind} ({layout}): rows read {read}, accepted {accepted}, refused {refused}",
        kind=result.kind,
        layout=result.layout,
        read=result.read,
        accepted=result.accepted,
        refused=len(result.refused),
    ).say(translate)
    for note in result.notes:
        yield "  " + note.say(translate)
    yield from _list(_refusals(result, file, translate), whole, translate)
    yield _("the pack agrees in {n} places", n=result.agreeing).say(translate)
    yield _("proposals: {n}", n=len(result.proposals)).say(translate)
    yield from _list(_proposals(result, translate), whole, translate)
    yield _("conflicts a researcher must settle: {n}", n=len(result.conflicts)).say(translate)
    yield from _list(
        [f"{one.fact} {one.key}: {_short(one.ours)} ≠ {_short(one.theirs)}" for one in result.conflicts],
        whole,
        translate,
    )
    if changes is None:
        yield _("there was no import of this kind before").say(translate)
    else:
        yield _("rows that changed since the import before: {n}", n=len(changes)).say(translate)
        yield from _list(
            [f"{one.key}: {one.before or '∅'} → {one.after or '∅'}" for one in changes], whole, translate
        )
    if listed:
        yield from destinations(result, translate)


def destinations(result: Import, translate: Translate) -> Iterator[str]:
    """A line for each destination: code, rule, days, name."""
    names = {one.code2: one for one in territories()}
    russian = LANGUAGE.say(translate) == "ru"
    for code, rule, days, _words in result.listed:
        name = names[code].russian if russian else names[code].english
        yield f"{code}  {rule.value}  {days if days is not None else '-'}  {name}"


def _refusals(result: Import, file: str, translate: Translate) -> list[str]:
    return [
        _(
            "{file}:{line}, {field}: “{found}” refused; expected: {expected}",
            file=file,
            line=one.line,
            field=one.field,
            found=one.found,
            expected=one.expected,
        ).say(translate)
        for one in result.refused
    ]


def _proposals(result: Import, translate: Translate) -> list[str]:
    lines = []
    for one in result.proposals:
        line = f"{one.action} {one.id}  {one.kind}  {_short(one.record)}"
        if one.lacks:
            line += "  " + _("(to be found out: {keys})", keys=", ".join(one.lacks)).say(translate)
        lines.append(line)
    return lines


def _list(lines: list[str], whole: bool, translate: Translate) -> Iterator[str]:
    for line in lines if whole else lines[:SHORT]:
        yield "  " + line
    if not whole and len(lines) > SHORT:
        yield "  " + _("and {n} more; --all names them", n=len(lines) - SHORT).say(translate)


def _short(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def record(
    result: Import,
    changes: tuple[RowChange, ...] | None,
    *,
    citizenship: str | None,
    file: str,
    translate: Translate,
) -> dict[str, Any]:
    """The result for other programs. `destinations` stands there where a citizenship was asked about."""
    found: dict[str, Any] = {
        "kind": result.kind,
        "file": file,
        "layout": result.layout,
        "rows_read": result.read,
        "accepted": result.accepted,
        "refused": [
            {
                "line": one.line,
                "field": one.field,
                "found": one.found,
                "expected": one.expected.say(translate),
            }
            for one in result.refused
        ],
        "notes": [note.say(translate) for note in result.notes],
        "agreeing": result.agreeing,
        "proposals": [
            {
                "action": one.action.value,
                "id": one.id,
                "kind": one.kind.value,
                "record": dict(one.record),
                "lacks": list(one.lacks),
            }
            for one in result.proposals
        ],
        "conflicts": [
            {"fact": one.fact, "key": one.key, "ours": one.ours, "theirs": one.theirs}
            for one in result.conflicts
        ],
        "changed_since_last": None
        if changes is None
        else [{"row": one.key, "before": one.before, "after": one.after} for one in changes],
    }
    if citizenship is not None:
        found["citizenship"] = citizenship
        found["destinations"] = [_destination(*one) for one in result.listed]
    return found


def _destination(code: str, rule: VisaRule, days: int | None, words: str) -> dict[str, Any]:
    return {"destination": code, "rule": rule.value, "days": days, "requirement": words}


def refused(error: ImportRefused, translate: Translate) -> Iterator[str]:
    """A line for each fault of a file that is not taken."""
    for problem in error.problems:
        yield problem.say(translate)
    yield _("the file is refused as a whole; the pack is as it was").say(translate)


def refused_record(error: ImportRefused, translate: Translate) -> dict[str, Any]:
    """The same for other programs."""
    return {
        "refused_whole": [
            {
                "file": one.file,
                "line": one.line,
                "what": one.what.say(translate),
                "expected": one.expected.say(translate),
            }
            for one in error.problems
        ]
    }
