"""Loading a library: a folder of text files becomes one `Library`, or every fault in it is listed and nothing is taken.

`library.yaml` says what it is, `said.yaml` (kept by `tropa answers restate`) what the cited facts said when each text
was last read beside them; every other file holds the answers of one topic. Refused: unknown keys, an id given twice, an
answer in one language, a text too long for its kind, a review by a day before the text was written, a history out of
order, a cited fact of which nobody noted what it said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from tropa.atlas import fields as read
from tropa.atlas.basics import Text
from tropa.atlas.document import Fault, compose, line_of
from tropa.atlas.errors import Problem
from tropa.atlas.nodes import Items, Keys, Node
from tropa.atlas.phrases import gettext_lazy as _
from tropa.counsel.library.answer import Answer, Asked, Deed, Event, Lawyer, Length, Library, Topic
from tropa.counsel.library.errors import LibraryError

SHIPPED_LIBRARY: Final = Path(__file__).parent / "ru"
"""The answers for citizens of Russia that come with Tropa."""

META: Final = "library.yaml"
SAID: Final = "said.yaml"
LONGEST: Final = {Length.SHORT: 1_600, Length.GUIDE: 3_200}
"""Letters of a text in either language."""

_REQUIRED: Final = (
    "id",
    "title",
    "asked",
    "text",
    "facts",
    "owner",
    "as_of",
    "review_by",
    "lawyer",
    "history",
)
_OPTIONAL: Final = ("kind",)


def load_library(path: Path = SHIPPED_LIBRARY, *, unnoted: bool = False) -> Library:
    """The library in the folder `path`; `LibraryError` lists all faults, each with file, line, what, and what was
    expected. `unnoted`: take answers of which nobody noted what their facts said, to note it now.
    """
    problems: list[Problem] = []
    name = _name(path, problems)
    said = _said(path, problems)
    answers: dict[str, Answer] = {}
    for file in sorted(path.glob("*.yaml")):
        if file.name in (META, SAID):
            continue
        for answer, line in _answers_of(file, said, problems, unnoted=unnoted):
            if answer.id in answers:
                problems.append(
                    Problem(file.name, line, _("the id “{id}” is taken", id=answer.id), _("each answer once"))
                )
            answers[answer.id] = answer
    for answer_id in sorted(set(said) - set(answers)):
        if not problems and not unnoted:
            what = _("“{id}” is no answer", id=answer_id)
            problems.append(Problem(SAID, 0, what, _("the ids of answers")))
    if problems or name is None:
        raise LibraryError(tuple(sorted(problems, key=lambda one: (one.file, one.line, str(one)))))
    order = list(Topic)
    return Library(name, sorted(answers.values(), key=lambda one: order.index(one.topic)))


def _root(file: Path, problems: list[Problem]) -> Node | None:
    try:
        content = file.read_bytes()
    except OSError as error:
        what = _("the file cannot be read ({reason})", reason=error.strerror or "-")
        problems.append(Problem(file.name, 0, what, _("a library with {file}", file=file.name)))
        return None
    root, faults = compose(content)
    problems.extend(Problem(file.name, fault.line, fault.what, fault.expected) for fault in faults)
    return None if faults else root


def _name(path: Path, problems: list[Problem]) -> Text | None:
    root = _root(path / META, problems)
    if root is None:
        return None
    try:
        parts = read.mapping(root, required=("name", "format"))
        name, number = read.both_languages(parts["name"]), read.whole(parts["format"])
    except Fault as fault:
        problems.append(Problem(META, fault.line, fault.what, fault.expected))
        return None
    if number != 1:
        problems.append(Problem(META, line_of(parts["format"]), _("a format nobody knows"), _("format: 1")))
        return None
    return name


def _said(path: Path, problems: list[Problem]) -> Mapping[str, Mapping[str, str]]:
    if not (path / SAID).exists():
        return {}
    root = _root(path / SAID, problems)
    found: dict[str, Mapping[str, str]] = {}
    if root is None:
        return found
    if not isinstance(root, Keys):
        problems.append(Problem(SAID, root.line, _("this is no mapping"), _("digests by answer and fact")))
        return found
    for answer_id, node in root.items.items():
        if not isinstance(node, Keys):
            problems.append(Problem(SAID, line_of(node), _("this is no mapping"), _("digests by fact")))
            continue
        try:
            found[answer_id] = {fact: read.identifier(digest) for fact, digest in node.items.items()}
        except Fault as fault:
            problems.append(Problem(SAID, fault.line, fault.what, fault.expected))
    return found


def _answers_of(
    file: Path, said: Mapping[str, Mapping[str, str]], problems: list[Problem], *, unnoted: bool
) -> Iterator[tuple[Answer, int]]:
    root = _root(file, problems)
    if root is None:
        return
    try:
        parts = read.mapping(root, required=("topic", "answers"))
        topic = read.word_of(Topic)(parts["topic"])
    except Fault as fault:
        problems.append(Problem(file.name, fault.line, fault.what, fault.expected))
        return
    if not isinstance(parts["answers"], Items):
        line = line_of(parts["answers"])
        problems.append(Problem(file.name, line, _("the answers are no list"), _("a list of answers")))
        return
    for node in parts["answers"].value:
        answer, faults = answer_of(node, topic, said, unnoted=unnoted)
        problems.extend(Problem(file.name, fault.line, fault.what, fault.expected) for fault in faults)
        if answer is not None:
            yield answer, line_of(node)


def answer_of(
    node: Node, topic: Topic, said: Mapping[str, Mapping[str, str]], *, unnoted: bool = False
) -> tuple[Answer | None, list[Fault]]:
    """One answer, or None with every fault found in it."""
    faults: list[Fault] = []
    try:
        nodes = read.mapping(node, required=_REQUIRED, optional=_OPTIONAL)
    except Fault as fault:
        return None, [fault]
    values: dict[str, Any] = {"kind": Length.SHORT}
    for key, part in nodes.items():
        try:
            values[key] = _READERS[key](part)
        except Fault as fault:
            faults.append(Fault(fault.line, _("{key}: {what}", key=key, what=fault.what), fault.expected))
    if faults:
        return None, faults
    noted = said.get(values["id"], {})
    faults.extend(_together(nodes, values))
    if set(noted) != set(values["facts"]) and not unnoted:
        faults.append(_not_noted(nodes, values, noted))
    if faults:
        return None, faults
    length = values.pop("kind")
    return Answer(topic=topic, length=length, says=noted, **values), []


def _not_noted(nodes: Mapping[str, Node], values: Mapping[str, Any], noted: Mapping[str, str]) -> Fault:
    facts = ", ".join(sorted(set(values["facts"]) ^ set(noted)))
    what = _("nobody noted what these facts said: {facts}", facts=facts)
    return Fault(
        line_of(nodes["facts"]), what, _("tropa answers restate, after reading the text beside them")
    )


def _together(nodes: Mapping[str, Node], values: Mapping[str, Any]) -> Iterator[Fault]:
    """What only shows when several keys are seen together."""
    longest = LONGEST[values["kind"]]
    for text in (values["text"].ru, values["text"].en):
        if len(text) > longest:
            what = _("a text of {n} letters", n=len(text))
            yield Fault(line_of(nodes["text"]), what, _("at most {n} for this kind", n=longest))
    if values["review_by"] < values["as_of"]:
        line = line_of(nodes["review_by"])
        yield Fault(line, _("the review lies before the text's own day"), _("a day after as_of"))
    days = [event.on for event in values["history"]]
    if days != sorted(days) or values["history"][0].what is not Deed.WRITTEN:
        line = line_of(nodes["history"])
        yield Fault(line, _("the history is out of order"), _("written first, then by day"))


def _asked(node: Node) -> Asked:
    parts = read.mapping(node, required=("ru", "en"))
    phrases = read.list_of(read.text, at_least=1)
    return Asked(ru=phrases(parts["ru"]), en=phrases(parts["en"]))


def _event(node: Node) -> Event:
    parts = read.mapping(node, required=("on", "what"), optional=("why",))
    why = read.both_languages(parts["why"]) if "why" in parts else None
    return Event(read.day(parts["on"]), read.word_of(Deed)(parts["what"]), why)


_READERS: Final[Mapping[str, read.Reader[Any]]] = {
    "id": read.identifier,
    "kind": read.word_of(Length),
    "title": read.both_languages,
    "asked": _asked,
    "text": read.both_languages,
    "facts": read.list_of(read.identifier, at_least=1),
    "owner": read.identifier,
    "as_of": read.day,
    "review_by": read.day,
    "lawyer": read.word_of(Lawyer),
    "history": read.list_of(_event, at_least=1),
}
