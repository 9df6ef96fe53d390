"""`tropa atlas import KIND FILE`: says what a foreign table holds, proposes and compares; the pack stays as it is.

Without `--dry-run` the result is kept in the data directory, so the next import can say what changed; a result is
written whole or not at all.
"""

from __future__ import annotations

import argparse
import json
import os
import stat
import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from tropa.atlas import SHIPPED_PACK, PackError, load_pack, report
from tropa.atlas.importing import Import, ImportKind, ImportRefused, changed_since, read_import, saying
from tropa.atlas.importing.table import LIMIT, too_large, unreadable
from tropa.atlas.importing.territories import codes2
from tropa.atlas.phrases import translator

FOLDER: Final = Path("atlas") / "imports"
"""Where results are kept, within the data directory."""


def add_arguments(word: argparse.ArgumentParser) -> None:
    """What `tropa atlas import` takes."""
    translate = translator()
    word.add_argument(
        "kind", choices=[kind.value for kind in ImportKind], help=report.IMPORT_KIND.say(translate)
    )
    word.add_argument("file", type=Path, help=report.IMPORT_FILE.say(translate))
    word.add_argument("--dry-run", action="store_true", help=report.DRY_RUN.say(translate))
    word.add_argument(
        "--citizenship", metavar="XX", type=_citizenship, help=report.CITIZENSHIP.say(translate)
    )
    word.add_argument(
        "--pack", type=Path, default=SHIPPED_PACK, metavar="FOLDER", help=report.PATH.say(translate)
    )
    word.add_argument("--proposals", type=Path, metavar="FILE", help=report.PROPOSALS.say(translate))
    word.add_argument("--all", action="store_true", help=report.ALL.say(translate))
    word.add_argument("--json", action="store_true", help=report.JSON.say(translate))


def _citizenship(text: str) -> str:
    if text.upper() not in codes2():
        raise argparse.ArgumentTypeError(report.no_code(text).say(translator()))
    return text.upper()


def run(arguments: argparse.Namespace) -> int:
    """Import one file; 1 where the file or the pack is refused as a whole, or the result cannot be written."""
    translate = translator()
    try:
        result = _read(arguments)
    except PackError as error:
        print("\n".join(report.refused(error, translate)), file=sys.stderr)
        return 1
    except ImportRefused as error:
        if arguments.json:
            print(_json(saying.refused_record(error, translate)))
        print("\n".join(saying.refused(error, translate)), file=sys.stderr)
        return 1
    kept = _kept_at(arguments)
    before = _rows_before(kept)
    changes = None if before is None else changed_since(before, result.rows)
    record = saying.record(
        result, changes, citizenship=arguments.citizenship, file=arguments.file.name, translate=translate
    )
    try:
        if arguments.proposals is not None:
            _propose(arguments, result)
        if not arguments.dry_run:
            _keep(kept, {**record, "rows": dict(result.rows)})
    except OSError as error:
        print(report.not_written(error).say(translate), file=sys.stderr)
        return 1
    if arguments.json:
        print(_json(record))
        return 0
    listed = arguments.citizenship is not None
    name, whole = arguments.file.name, arguments.all
    for line in saying.said(result, changes, translate, file=name, listed=listed, whole=whole):
        print(line)
    if not arguments.dry_run:
        print(report.kept(str(kept)).say(translate))
    return 0


def _propose(arguments: argparse.Namespace, result: Import) -> None:
    """A file of changes for an overlay: what the table proposes and contradicts, for a person to settle."""
    from tropa.atlas.overlay.folder import change_record
    from tropa.atlas.overlay.proposing import proposed
    from tropa.atlas.writing import yaml_text

    on = datetime.now(UTC).replace(microsecond=0)
    changes = proposed(result, file=arguments.file.name, on=on)
    with arguments.proposals.open("x", encoding="utf-8") as file:
        file.write(yaml_text({"changes": [change_record(one) for one in changes]}))


def _read(arguments: argparse.Namespace) -> Import:
    return read_import(
        ImportKind(arguments.kind),
        _content(arguments.file),
        file=arguments.file.name,
        atlas=load_pack(arguments.pack),
        citizenship=arguments.citizenship or "RU",
    )


def _content(path: Path) -> bytes:
    """The bytes of a regular file within the limit; raises `ImportRefused`."""
    try:
        with path.open("rb") as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode):
                raise unreadable(path.name, "-")
            if about.st_size > LIMIT:
                raise too_large(path.name, about.st_size)
            return file.read(LIMIT + 1)
    except OSError as error:
        raise unreadable(path.name, error.strerror) from None


def _kept_at(arguments: argparse.Namespace) -> Path:
    """A treaty has its own file each; all other kinds have one table of their kind."""
    name = arguments.kind
    if name == ImportKind.TREATIES:
        name = f"{name}-{arguments.file.stem}"
    return Path(os.environ["TROPA_DATA"]) / FOLDER / f"{name}.json"


def _rows_before(kept: Path) -> Mapping[str, str] | None:
    try:
        rows: dict[str, str] = json.loads(kept.read_text(encoding="utf-8"))["rows"]
    except (OSError, ValueError, KeyError):
        return None
    return rows


def _keep(kept: Path, record: Mapping[str, Any]) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=kept.parent, delete=False) as file:
        file.write(_json(record))
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(kept)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)
