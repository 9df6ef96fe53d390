"""Loading a pack: a folder of YAML files becomes one `Atlas`, or every fault in it is listed and nothing is
taken.

A pack holds `pack.yaml` (what it is), `sources.yaml` (where facts come from) and any number of files, each
with facts of one kind. The order and the names of those files mean nothing: the version is a digest of the
content. A folder `history` may hold earlier versions of facts, each with the days it stood.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Final

from tropa.atlas.basics import Source
from tropa.atlas.document import LIMIT, Fault, compose
from tropa.atlas.errors import PackError, Problem
from tropa.atlas.kinds import Value
from tropa.atlas.model import Fact, Review
from tropa.atlas.nodes import Node
from tropa.atlas.phrases import gettext_lazy as _
from tropa.atlas.records import Record, read_meta, read_records, read_sources
from tropa.atlas.references import problems_between, problems_of_history
from tropa.atlas.shapes import SHAPES
from tropa.atlas.world import Atlas, PackMeta, Superseded

SHIPPED_PACK: Final = Path(__file__).parent / "packs" / "ru"
"""The pack for citizens of Russia that comes with Tropa."""

EXAMPLE_DAY: Final = date(2026, 11, 22)
"""The day on which the example world, rehearsals, tests and bench count the shipped pack as reviewed."""

META: Final = "pack.yaml"
SOURCES: Final = "sources.yaml"
HISTORY: Final = "history"
"""The folder of versions that stood before, within a pack; it need not be there."""


def load_pack(path: Path, *, reviewed_as_of: date | None = None) -> Atlas:
    """The atlas in the folder `path`; `PackError` lists all faults, each with file, line, what, and what was
    expected.

    `reviewed_as_of`: count every fact as reviewed on that day. Only for the example world, rehearsals, tests
    and bench.
    """
    return load_files(Folder(path), reviewed_as_of=reviewed_as_of)


def load_files(files: Mapping[str, bytes], *, reviewed_as_of: date | None = None) -> Atlas:
    """The same from the contents of files by name, those of the history as `history/...`."""
    with _collector_paused():
        return _load(files, reviewed_as_of)


class Folder(Mapping[str, bytes]):
    """The files of a pack's folder. What cannot be read raises `OSError`; of a file above the limit only so
    much is read that its size is seen.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def __getitem__(self, name: str) -> bytes:
        with (self.path / name).open("rb") as file:
            return file.read(LIMIT + 1)

    def __iter__(self) -> Iterator[str]:
        for pattern in ("*.yaml", f"{HISTORY}/*.yaml"):
            yield from sorted(file.relative_to(self.path).as_posix() for file in self.path.glob(pattern))

    def __len__(self) -> int:
        return sum(1 for _name in self)


def _load(files: Mapping[str, bytes], reviewed_as_of: date | None) -> Atlas:
    problems: list[Problem] = []
    meta = _load_meta(files, problems)
    sources = _load_sources(files, problems)
    names = sorted(name for name in files if name not in (META, SOURCES))
    standing = [name for name in names if not name.startswith(f"{HISTORY}/")]
    records, broken = _load_records(files, standing, problems)
    published = meta.published if meta else date.max
    synthetic = meta.synthetic if meta else True  # a pack that cannot say so is refused for that
    problems.extend(
        problems_between(records, sources=sources, broken=broken, published=published, synthetic=synthetic)
    )
    before = [name for name in names if name.startswith(f"{HISTORY}/")]
    earlier, _broken = _load_records(files, before, problems, earlier=True)
    problems.extend(problems_of_history(earlier, records, sources=sources, published=published))
    if problems or meta is None or sources is None:
        raise PackError(
            tuple(sorted(problems, key=lambda problem: (problem.file, problem.line, str(problem))))
        )
    facts = [fact_of(record, sources, meta.review) for record in records]
    history = tuple(
        Superseded(fact_of(record, sources, meta.review), record.envelope["recorded"], record.superseded)
        for record in earlier
        if record.superseded is not None
    )
    return Atlas(
        meta=meta,
        facts=facts,
        reviewed_as_of=reviewed_as_of,
        history=history,
    )


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Hundreds of thousands of nodes live for a moment and hold no cycles: walking them took a third of the
    time.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _load_meta(files: Mapping[str, bytes], problems: list[Problem]) -> PackMeta | None:
    root = _root(files, META, problems)
    if root is None:
        return None
    try:
        return read_meta(root)
    except Fault as fault:
        problems.append(Problem(META, fault.line, fault.what, fault.expected))
        return None


def _load_sources(files: Mapping[str, bytes], problems: list[Problem]) -> Mapping[str, Source] | None:
    root = _root(files, SOURCES, problems)
    if root is None:
        return None
    listed, faults = read_sources(root)
    problems.extend(Problem(SOURCES, fault.line, fault.what, fault.expected) for fault in faults)
    sources: dict[str, Source] = {}
    for source, line in listed:
        if source.id in sources:
            problems.append(
                Problem(SOURCES, line, _("the id “{id}” is taken", id=source.id), _("each source once"))
            )
        sources[source.id] = source
    return None if faults else sources


def _load_records(
    files: Mapping[str, bytes], names: Iterable[str], problems: list[Problem], *, earlier: bool = False
) -> tuple[list[Record], set[str]]:
    records: list[Record] = []
    broken: set[str] = set()
    for name in names:
        root = _root(files, name, problems)
        if root is not None:
            found, faults, not_whole = read_records(root, name, earlier=earlier)
            records.extend(found)
            broken.update(not_whole)
            problems.extend(Problem(name, fault.line, fault.what, fault.expected) for fault in faults)
    return records, broken


def _root(files: Mapping[str, bytes], name: str, problems: list[Problem]) -> Node | None:
    try:
        content = files[name]
    except (OSError, KeyError) as error:
        reason = error.strerror if isinstance(error, OSError) else "-"
        problems.append(
            Problem(
                name,
                0,
                _("the file cannot be read ({reason})", reason=reason),
                _("a pack with {file}", file=name),
            )
        )
        return None
    root, faults = compose(content)
    problems.extend(Problem(name, fault.line, fault.what, fault.expected) for fault in faults)
    return None if faults else root


def fact_of(record: Record, sources: Mapping[str, Source], review: Review) -> Fact[Value]:
    """The fact a whole record states; `review`: what the pack says of all that say nothing of their own."""
    envelope = dict(record.envelope)
    envelope["sources"] = tuple(sources[source] for source in envelope["sources"])
    envelope["review"] = envelope["review"] or review
    return Fact(kind=record.kind, value=SHAPES[record.kind].makes(**record.values), **envelope)
