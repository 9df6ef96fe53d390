"""A page as a browser without script reads it: its text, its links, and its forms with what stands in them.

Only what a page really offers can be pressed: forms are sent as they were received, hidden fields included.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

SILENT = frozenset({"script", "style", "head", "title", "template"})
INLINE = frozenset({"a", "abbr", "b", "code", "em", "i", "kbd", "small", "span", "strong", "sub", "sup"})
Attributes = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Button:
    """A button, with what it adds to its form and where it sends it, if elsewhere."""

    name: str
    value: str
    action: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link: where it leads, its classes and its words."""

    address: str
    classes: frozenset[str]
    text: str


@dataclass(slots=True)
class Form:
    """A form as it was received. `fields` are the names and values a browser would send."""

    action: str
    method: str
    multipart: bool
    fields: list[tuple[str, str]] = field(default_factory=list)
    offered: set[str] = field(default_factory=set)
    options: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[Button] = field(default_factory=list)

    def button(self, value: str) -> Button | None:
        """The button that sends this value."""
        return next((button for button in self.buttons if button.value == value), None)

    def value(self, name: str) -> str | None:
        """The value a field is sent with now; None when it is not sent."""
        return next((value for known, value in self.fields if known == name), None)

    def filled(self, changes: Mapping[str, str | list[str] | None]) -> list[tuple[str, str]]:
        """The fields with changes; None leaves a field out. KeyError for a field the page does not offer."""
        missing = [name for name in changes if name not in self.offered]
        if missing:
            raise KeyError(missing[0])
        kept = [(name, value) for name, value in self.fields if name not in changes]
        for name, value in changes.items():
            values = [] if value is None else [value] if isinstance(value, str) else value
            kept += [(name, one) for one in values]
        return kept


@dataclass(frozen=True, slots=True)
class Page:
    """What came back. `text` has runs of spaces made one; `fetched` is everything a browser would fetch or
    lead to.
    """

    status: int
    address: str
    headers: Mapping[str, str]
    body: bytes
    text: str
    links: tuple[Link, ...]
    forms: tuple[Form, ...]
    fetched: tuple[str, ...]
    lists: Mapping[str, tuple[str, ...]]
    scripted: bool

    def says(self, words: str) -> bool:
        """Whether these words stand on the page, however it breaks its lines."""
        return " ".join(words.split()) in self.text

    def form(self, ending: str, button: str | None = None) -> Form | None:
        """The first form whose address ends so, and which has a button of this value."""
        for form in self.forms:
            if form.action.endswith(ending) and (button is None or form.button(button)):
                return form
        return None

    def link(self, part: str) -> Link | None:
        """The first link whose address has this part."""
        return next((link for link in self.links if part in link.address), None)


def read_page(status: int, address: str, headers: Mapping[str, str], body: bytes) -> Page:
    """The page these bytes are."""
    reader = _Reader()
    if "html" in headers.get("content-type", ""):
        reader.feed(body.decode("utf-8"))
        reader.close()
    return Page(
        status=status,
        address=address,
        headers=headers,
        body=body,
        text=" ".join("".join(reader.text).split()),
        links=tuple(reader.links),
        forms=tuple(reader.forms),
        fetched=tuple(reader.fetched),
        lists={name: tuple(lines) for name, lines in reader.lists.items()},
        scripted=reader.scripted,
    )


class _Reader(HTMLParser):
    """Goes through a page once."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.links: list[Link] = []
        self.forms: list[Form] = []
        self.fetched: list[str] = []
        self.lists: dict[str, list[str]] = {}
        self.scripted = False
        self._silent = 0
        self._by_id: dict[str, Form] = {}
        self._form: Form | None = None
        self._link: tuple[Attributes, list[str]] | None = None
        self._typed: tuple[Form | None, str, list[str]] | None = None
        self._select: tuple[Form | None, str, list[str], list[str], bool] | None = None
        self._list: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self._note_addresses(tag, attributes)
        if tag in SILENT:
            self._silent += 1
        if tag not in INLINE:
            self.text.append(" ")
        if tag == "form":
            self._open_form(attributes)
        elif tag == "a":
            self._link = (attributes, [])
        elif tag == "ol" and "words" in attributes.get("class", "").split():
            self._list = self.lists.setdefault("words", [])
        elif tag == "li" and self._list is not None:
            self._list.append("")
        else:
            self._control(tag, attributes)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag in SILENT:
            self._silent -= 1

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self._silent -= 1
        if tag not in INLINE:
            self.text.append(" ")
        if tag == "form":
            self._form = None
        elif tag == "a" and self._link is not None:
            attributes, words = self._link
            classes = frozenset(attributes.get("class", "").split())
            self.links.append(Link(attributes.get("href", ""), classes, " ".join("".join(words).split())))
            self._link = None
        elif tag == "ol":
            self._list = None
        elif tag == "textarea" and self._typed is not None:
            form, name, text = self._typed
            # a line break right after the tag belongs to the markup, not to the text
            self._put(form, name, "".join(text).removeprefix("\n"))
            self._typed = None
        elif tag == "select":
            self._close_select()

    def handle_data(self, data: str) -> None:
        if self._typed is not None:
            self._typed[2].append(data)
        if self._silent:
            return
        self.text.append(data)
        if self._link is not None:
            self._link[1].append(data)
        if self._list:
            self._list[-1] += data.strip()

    def _note_addresses(self, tag: str, attributes: Attributes) -> None:
        if tag == "script" or any(name.startswith("on") for name in attributes):
            self.scripted = True
        for name in ("src", "href", "action", "formaction", "srcset", "poster", "data", "background"):
            if attributes.get(name):
                self.fetched.append(attributes[name])

    def _open_form(self, attributes: Attributes) -> None:
        self._form = Form(
            action=attributes.get("action", ""),
            method=attributes.get("method", "get").lower(),
            multipart=attributes.get("enctype") == "multipart/form-data",
        )
        self.forms.append(self._form)
        if "id" in attributes:
            self._by_id[attributes["id"]] = self._form

    def _control(self, tag: str, attributes: Attributes) -> None:
        form = self._by_id.get(attributes["form"]) if "form" in attributes else self._form
        name = attributes.get("name", "")
        if tag == "button":
            if form is not None:
                form.buttons.append(
                    Button(name, attributes.get("value", ""), attributes.get("formaction", ""))
                )
        elif tag == "input":
            self._input(form, name, attributes)
        elif tag == "textarea":
            self._typed = (form, name, [])
        elif tag == "select":
            self._select = (form, name, [], [], "multiple" in attributes)
        elif tag == "option" and self._select is not None:
            self._select[2].append(attributes.get("value", ""))
            if "selected" in attributes:
                self._select[3].append(attributes.get("value", ""))

    def _input(self, form: Form | None, name: str, attributes: Attributes) -> None:
        kind = attributes.get("type", "text")
        if kind in {"radio", "checkbox"}:
            value = attributes.get("value", "on")
            if form is not None and name:
                form.offered.add(name)
                form.options.setdefault(name, []).append(value)
            if "checked" not in attributes:
                return
            self._put(form, name, value)
        elif kind == "file":
            if form is not None:
                form.offered.add(name)
        else:
            self._put(form, name, attributes.get("value", ""))

    def _close_select(self) -> None:
        if self._select is None:
            return
        form, name, options, chosen, several = self._select
        self._select = None
        if form is not None:
            form.options[name] = options
            form.offered.add(name)
        for value in chosen or ([] if several else options[:1]):
            self._put(form, name, value)

    @staticmethod
    def _put(form: Form | None, name: str, value: str) -> None:
        if form is not None and name:
            form.offered.add(name)
            form.fields.append((name, value))


def addresses_elsewhere(page: Page, origin: str) -> Iterator[str]:
    """Addresses on the page that lead to anybody but this site."""
    for address in page.fetched:
        bare = address.strip().lower()
        # an authenticator on the same phone is nobody else, and is asked only when the link is pressed
        if bare.startswith(("data:", "otpauth:", "#", "?")) or address.startswith(origin):
            continue
        if bare.startswith("//") or ":" in bare.partition("/")[0]:
            yield address
