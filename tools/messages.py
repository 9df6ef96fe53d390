"""Compiles every translation and says what is missing: Russian is complete and English is the message itself.

A room (a folder under `src` with a `locale` in it) owns the messages of its Python files and templates.
Refused: a message without a translation, a fuzzy one, a wrong number of plural forms, a placeholder that
only one side has, and a compiled catalogue that does not fit its source. `--update` adds missing messages
to the room's catalogue, empty.
"""

import argparse
import ast
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"
LANGUAGE = "ru"
NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)  # the same source always compiles to the same bytes
NOISE = (
    '"Report-Msgid',
    '"POT-Creation',
    '"PO-Revision',
    '"Last-Translator',
    '"Language-Team',
    '"Generated-By',
)
TEMPLATES = {".html", ".txt", ".svg"}

# which arguments of a call are the context, the message and its plural
CALLS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), (None, 0, None)),
    **dict.fromkeys(("ngettext", "ngettext_lazy", "ngettext_noop"), (None, 0, 1)),
    **dict.fromkeys(("pgettext", "pgettext_lazy", "pgettext_noop"), (0, 1, None)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), (0, 1, 2)),
}
LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
TEMPLATE_CALL = re.compile(rf"\b(_|gettext|ngettext|pgettext|npgettext)\(({LITERAL}(?:,\s*{LITERAL})*)")
PLACEHOLDER = re.compile(r"%\(\w+\)[#0\- +]*[\d.]*[a-zA-Z]|(?<!\{)\{\w+\}(?!\})")


@dataclass(frozen=True, slots=True)
class Found:
    """A message as the code says it; `where` is for people."""

    context: str | None
    text: str
    plural: str | None
    where: str


def main() -> int:
    parser = argparse.ArgumentParser(description="Compile the translations and say what is missing.")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument(
        "--check", action="store_true", help="write nothing; also refuse catalogues not compiled anew"
    )
    mode.add_argument(
        "--update", action="store_true", help="add missing messages to the catalogues, untranslated"
    )
    arguments = parser.parse_args()
    settings.configure()
    problems = [
        problem
        for room in rooms(SOURCE)
        for problem in room_problems(room, check=arguments.check, update=arguments.update)
    ]
    problems += [
        f"{found.where}: no folder above has a `locale` for {found.text!r}" for found in homeless(SOURCE)
    ]
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"messages: {len(rooms(SOURCE))} rooms, {len(problems)} problems")
    return 1 if problems else 0


def rooms(source: Path) -> list[Path]:
    """Every folder that has a `locale`."""
    return sorted({folder.parent for folder in source.rglob("locale") if folder.is_dir()})


def room_problems(room: Path, *, check: bool, update: bool) -> Iterator[str]:
    """Everything wrong with one room's translations, a sentence each; compiles them unless only checking."""
    catalogues = sorted(room.glob(f"locale/{LANGUAGE}/LC_MESSAGES/*.po"))
    if not catalogues:
        yield f"{shown(room)}: no catalogue in locale/{LANGUAGE}/LC_MESSAGES"
        return
    found = list(messages_of(room))
    if update:
        add_missing(catalogues[0], found, [read(path) for path in catalogues])
    parsed = {path: read(path) for path in catalogues}
    yield from missing(found, list(parsed.values()))
    for path, catalogue in parsed.items():
        yield from mistakes(path, catalogue)
        yield from compiled(path, catalogue, check=check)


def messages_of(room: Path) -> Iterator[Found]:
    """What the room's own files say; a room inside the room speaks for itself."""
    inner = [other for other in rooms(SOURCE) if other != room and other.is_relative_to(room)]
    for path in sorted(room.rglob("*")):
        if not any(path.is_relative_to(other) for other in inner):
            yield from file_messages(path)


def homeless(source: Path) -> Iterator[Found]:
    """Messages of files that belong to no room, so that nobody would translate them."""
    homes = rooms(source)
    for path in sorted(source.rglob("*")):
        if not any(path.is_relative_to(room) for room in homes):
            yield from file_messages(path)


def file_messages(path: Path) -> Iterator[Found]:
    if path.suffix == ".py":
        yield from python_messages(path)
    elif path.suffix in TEMPLATES and "templates" in path.parts:
        yield from template_messages(path)


def python_messages(path: Path) -> Iterator[Found]:
    tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in CALLS:
            texts = [part.value if isinstance(part, ast.Constant) else None for part in node.args]
            yield from called(name, texts, f"{shown(path)}:{node.lineno}")


def template_messages(path: Path) -> Iterator[Found]:
    for call in TEMPLATE_CALL.finditer(templatize(path.read_text(encoding="utf-8"), origin=str(path))):
        texts = [ast.literal_eval(text) for text in re.findall(LITERAL, call[2])]
        yield from called(call[1], texts, shown(path))


def called(name: str, texts: list[object], where: str) -> Iterator[Found]:
    """The message of one call, if its parts are written out there."""
    context, text, plural = (None if at is None or at >= len(texts) else texts[at] for at in CALLS[name])
    if isinstance(text, str) and text:
        yield Found(
            context if isinstance(context, str) else None,
            text,
            plural if isinstance(plural, str) else None,
            where,
        )


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        catalogue = read_po(file, locale=LANGUAGE, abort_invalid=True)
    catalogue.creation_date = catalogue.revision_date = NO_DATE
    return catalogue


def entry(catalogue: Catalog, found: Found) -> Message | None:
    return catalogue.get(found.text, found.context)


def missing(found: list[Found], catalogues: list[Catalog]) -> Iterator[str]:
    for message in found:
        entries = [entry(catalogue, message) for catalogue in catalogues]
        here = [known for known in entries if known is not None]
        if not here:
            yield f"{message.where}: not in the {LANGUAGE} catalogue: {message.text!r}"
        elif message.plural is not None and not any(isinstance(known.id, (list, tuple)) for known in here):
            yield f"{message.where}: the {LANGUAGE} catalogue has no plural of {message.text!r}"


def mistakes(path: Path, catalogue: Catalog) -> Iterator[str]:
    """Entries that are empty, fuzzy, short of plural forms, or differ in placeholders."""
    for message in catalogue:
        if not message.id:
            continue
        ids = list(message.id) if isinstance(message.id, (list, tuple)) else [message.id]
        forms = list(message.string) if isinstance(message.string, (list, tuple)) else [message.string]
        at = f"{shown(path)}: {ids[0]!r}"
        if message.fuzzy:
            yield f"{at} is fuzzy"
        if not all(forms) or (len(ids) > 1 and len(forms) != catalogue.num_plurals):
            yield f"{at} is not translated" if len(ids) == 1 else f"{at} lacks plural forms"
            continue
        expected = {name for text in ids for name in PLACEHOLDER.findall(text)}
        for form in forms:
            given = set(PLACEHOLDER.findall(form))
            if given - expected or (len(ids) == 1 and given != expected):
                yield f"{at} and its translation differ in placeholders: {sorted(given ^ expected)}"


def compiled(path: Path, catalogue: Catalog, *, check: bool) -> Iterator[str]:
    """Write the compiled catalogue, or say that it does not fit its source."""
    output = io.BytesIO()
    write_mo(output, catalogue)
    target = path.with_suffix(".mo")
    if target.exists() and target.read_bytes() == output.getvalue():
        return
    if check:
        yield f"{shown(target)} does not fit its source: run `make messages`"
    else:
        target.write_bytes(output.getvalue())


def add_missing(path: Path, found: list[Found], catalogues: list[Catalog]) -> None:
    """Write what no catalogue of the room has into this one, untranslated."""
    catalogue = read(path)
    for message in found:
        if any(entry(other, message) for other in [catalogue, *catalogues]):
            continue
        ids = (message.text, message.plural) if message.plural else message.text
        catalogue.add(ids, context=message.context, locations=[(message.where.partition(":")[0], None)])
    output = io.BytesIO()
    write_po(output, catalogue, width=110, include_lineno=False)
    kept = [line for line in output.getvalue().decode().splitlines() if not line.startswith(NOISE)]
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


if __name__ == "__main__":
    sys.exit(main())
