"""`tropa atlas`: what a pack says, what is wrong with it, what changed, and what it does not know.

Faults go to standard error with file and line, and the exit code is 1; nothing is ever taken from a faulty
pack.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from tropa.atlas import (
    SHIPPED_PACK,
    Atlas,
    Kind,
    PackError,
    UnknownFactError,
    load_pack,
    report,
)
from tropa.atlas.overlay import Overlaid
from tropa.atlas.phrases import Phrase, translator
from tropa.cli import atlas_import, atlas_release

Work = Callable[[argparse.Namespace], list[str]]


def add_commands(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `tropa atlas` with its words."""
    parser = subparsers.add_parser("atlas", description=_said(report.DESCRIPTION))
    words = parser.add_subparsers(required=True, metavar=" | ".join([*_WORDS, "import", "release"]))
    for name, (add_arguments, work, about) in _WORDS.items():
        word = words.add_parser(name, help=_said(about), description=_said(about))
        word.set_defaults(run=run, work=work)
        add_arguments(word)
    importing = words.add_parser("import", help=_said(report.IMPORT), description=_said(report.IMPORT))
    importing.set_defaults(run=atlas_import.run)
    atlas_import.add_arguments(importing)
    release = words.add_parser("release", help=_said(report.RELEASE), description=_said(report.RELEASE))
    atlas_release.add_arguments(release)


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked; 1 if the pack has faults or holds no such fact, or a folder cannot be written."""
    try:
        lines: list[str] = arguments.work(arguments)
    except PackError as error:
        return _refused(list(report.refused(error, translator())))
    except UnknownFactError as error:
        return _refused([report.no_such_fact(str(error.args[0])).say(translator())])
    except OSError as error:
        return _refused([report.not_written(error).say(translator())])
    for line in lines:
        print(line)
    return 0


def _refused(lines: list[str]) -> int:
    for line in lines:
        print(line, file=sys.stderr)
    return 1


def _arguments_of_check(word: argparse.ArgumentParser) -> None:
    _add_path(word)
    word.add_argument("--coverage", action="store_true", help=_said(report.COVERAGE))
    _add_days(word)


def _arguments_of_coverage(word: argparse.ArgumentParser) -> None:
    _add_path(word)
    word.add_argument("--country", metavar="XX", help=_said(report.COUNTRY))
    _add_days(word)


def _arguments_of_show(word: argparse.ArgumentParser) -> None:
    word.add_argument("id", help=_said(report.ID))
    _add_pack(word)
    _add_days(word)
    _add_json(word)


def _arguments_of_diff(word: argparse.ArgumentParser) -> None:
    word.add_argument("old", type=Path, nargs="?", default=SHIPPED_PACK, help=_said(report.OLD))
    word.add_argument("new", type=Path, nargs="?", default=SHIPPED_PACK, help=_said(report.NEW))
    _add_overlay(word)
    _add_json(word)


def _arguments_of_search(word: argparse.ArgumentParser) -> None:
    word.add_argument("words", nargs="+", help=_said(report.WORDS))
    _add_pack(word)
    _add_days(word)
    _add_json(word)


def _arguments_of_export(word: argparse.ArgumentParser) -> None:
    _add_pack(word)
    word.add_argument("--kind", choices=[kind.value for kind in Kind], help=_said(report.KIND))
    word.add_argument("--country", metavar="XX", help=_said(report.COUNTRY))
    word.add_argument("--to", type=Path, metavar="FOLDER", help=_said(report.TO))


def _arguments_of_log(word: argparse.ArgumentParser) -> None:
    word.add_argument("id", nargs="?", help=_said(report.LOG_ID))
    _add_pack(word)
    _add_json(word)


def _arguments_of_record(word: argparse.ArgumentParser) -> None:
    word.add_argument("old", type=Path, help=_said(report.OLD))
    word.add_argument("new", type=Path, help=_said(report.NEWER))
    word.add_argument("--to", type=Path, metavar="FOLDER", required=True, help=_said(report.TO))


def _no_arguments(word: argparse.ArgumentParser) -> None:
    """`schema` needs none."""


def _add_path(word: argparse.ArgumentParser) -> None:
    word.add_argument("path", nargs="?", type=Path, default=SHIPPED_PACK, help=_said(report.PATH))
    _add_overlay(word)


def _add_pack(word: argparse.ArgumentParser) -> None:
    word.add_argument(
        "--pack", dest="path", type=Path, default=SHIPPED_PACK, metavar="FOLDER", help=_said(report.PATH)
    )
    word.add_argument("--believed-on", type=date.fromisoformat, metavar="DAY", help=_said(report.BELIEVED))
    _add_overlay(word)


def _add_overlay(word: argparse.ArgumentParser) -> None:
    word.add_argument("--overlay", type=Path, metavar="FOLDER", help=_said(report.OVERLAY))


def _add_days(word: argparse.ArgumentParser) -> None:
    days = word.add_mutually_exclusive_group()
    days.add_argument("--on", type=date.fromisoformat, metavar="DAY", help=_said(report.ON))
    days.add_argument("--as-of", type=date.fromisoformat, metavar="DAY", help=_said(report.AS_OF))


def _add_json(word: argparse.ArgumentParser) -> None:
    word.add_argument("--json", action="store_true", help=_said(report.JSON))


def _day(arguments: argparse.Namespace) -> date:
    chosen: date | None = arguments.as_of or arguments.on
    return chosen or datetime.now(UTC).date()


def _loaded(arguments: argparse.Namespace) -> Atlas:
    state = _overlaid(arguments, load_pack(arguments.path, reviewed_as_of=getattr(arguments, "as_of", None)))
    atlas = state if isinstance(state, Atlas) else state.atlas
    believed: date | None = getattr(arguments, "believed_on", None)
    if believed is None:
        return atlas
    from tropa.atlas.history import as_believed_on

    return as_believed_on(atlas, believed)


def _overlaid(arguments: argparse.Namespace, base: Atlas) -> Atlas | Overlaid:
    if arguments.overlay is None:
        return base
    from tropa.atlas.overlay.folder import load_overlay

    return load_overlay(arguments.overlay, base)


def _check(arguments: argparse.Namespace) -> list[str]:
    atlas = _loaded(arguments)
    said = [report.checked(atlas, translator())]
    if arguments.overlay is not None:
        from tropa.atlas.overlay import saying

        state = _overlaid(arguments, load_pack(arguments.path))
        assert not isinstance(state, Atlas)
        said += list(saying.open_questions(state, _day(arguments), translator()))
    return said + (_covered(atlas, _day(arguments), None) if arguments.coverage else [])


def _coverage(arguments: argparse.Namespace) -> list[str]:
    return _covered(_loaded(arguments), _day(arguments), arguments.country)


def _covered(atlas: Atlas, on: date, country: str | None) -> list[str]:
    from tropa.atlas.coverage import coverage

    if country is not None and country not in atlas.countries:
        raise UnknownFactError(country)
    return list(report.covered(coverage(atlas, on), translator(), only=country))


def _show(arguments: argparse.Namespace) -> list[str]:
    from tropa.atlas import listing

    atlas = _loaded(arguments)
    fact, on = atlas.fact(arguments.id), _day(arguments)
    if arguments.json:
        return [_json(listing.fact_record(atlas, fact, on))]
    return list(listing.shown(atlas, fact, on, translator()))


def _diff(arguments: argparse.Namespace) -> list[str]:
    from tropa.atlas import listing
    from tropa.atlas.changes import compare

    new = _overlaid(arguments, load_pack(arguments.new))
    changes = compare(load_pack(arguments.old), new if isinstance(new, Atlas) else new.atlas)
    if arguments.json:
        return [_json([listing.change_record(change) for change in changes])]
    return list(listing.compared(changes, translator()))


def _search(arguments: argparse.Namespace) -> list[str]:
    from tropa.atlas import listing
    from tropa.atlas.search import search

    atlas = _loaded(arguments)
    facts = search(atlas, " ".join(arguments.words))
    if arguments.json:
        return [_json([listing.fact_record(atlas, fact, _day(arguments)) for fact in facts])]
    return list(listing.found(atlas, facts, translator()))


def _export(arguments: argparse.Namespace) -> list[str]:
    from tropa.atlas import listing
    from tropa.atlas.search import countries_of

    atlas = _loaded(arguments)
    if arguments.to is not None:
        from tropa.atlas.overlay.making import as_pack

        return _written(as_pack(atlas), arguments.to)
    chosen = [
        fact
        for fact in atlas.facts.values()
        if arguments.kind in (None, fact.kind)
        and (arguments.country is None or arguments.country in countries_of(atlas, fact))
    ]
    if not chosen and arguments.country is not None and arguments.country not in atlas.countries:
        raise UnknownFactError(arguments.country)
    return [_json(listing.exported(atlas, chosen))]


def _written(atlas: Atlas, folder: Path) -> list[str]:
    from tropa.atlas.writing import pack_texts

    folder.mkdir(parents=True)
    for name, text in pack_texts(atlas).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return [report.checked(load_pack(folder), translator())]


def _log(arguments: argparse.Namespace) -> list[str]:
    from tropa.atlas import history, listing

    entries = history.log(_loaded(arguments), arguments.id)
    if arguments.id is not None and not entries:
        raise UnknownFactError(arguments.id)
    state = _overlaid(arguments, load_pack(arguments.path))
    ours = (
        []
        if isinstance(state, Atlas)
        else [one for one in state.taken if arguments.id in (None, one.concerns)]
    )
    if arguments.json:
        from tropa.atlas.overlay.folder import change_record

        told = [listing.entry_record(entry) for entry in entries]
        return [_json([*(change_record(one) for one in reversed(ours)), *told])]
    from tropa.atlas.overlay import saying

    return [*saying.acted(reversed(ours)), *listing.logged(entries, translator())]


def _record(arguments: argparse.Namespace) -> list[str]:
    from tropa.atlas.history import carried

    return _written(carried(load_pack(arguments.old), load_pack(arguments.new)), arguments.to)


def _schema(_arguments: argparse.Namespace) -> list[str]:
    from tropa.atlas.schema import pack_schema

    return [_json(pack_schema())]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def _said(phrase: Phrase) -> str:
    return phrase.say(translator())


_WORDS: dict[str, tuple[Callable[[argparse.ArgumentParser], None], Work, Phrase]] = {
    "check": (_arguments_of_check, _check, report.CHECK),
    "coverage": (_arguments_of_coverage, _coverage, report.COVERAGE),
    "show": (_arguments_of_show, _show, report.SHOW),
    "diff": (_arguments_of_diff, _diff, report.DIFF),
    "search": (_arguments_of_search, _search, report.SEARCH),
    "export": (_arguments_of_export, _export, report.EXPORT),
    "log": (_arguments_of_log, _log, report.LOG),
    "record": (_arguments_of_record, _record, report.RECORD),
    "schema": (_no_arguments, _schema, report.SCHEMA),
}
