"""Trustees and their shares: each share is shown to its trustee, wiped, and asked back before the next.

A share counts as kept only when the words typed back are that share. What is wrong is said as closely as it
can be without showing a word that is right.
"""

from __future__ import annotations

from tropa.cli.ceremony.terminal import BadAnswer, Terminal
from tropa.cli.language import gettext as _
from tropa.cli.language import ngettext
from tropa.envelope import WORDS_IN_SHARE, DamagedShare, SeedShare, UnknownShareWord

COLUMNS = 3
AGAIN = "?"


def hand_out(terminal: Terminal, name: str, share: SeedShare, count: int) -> None:
    """Show one share and ask it back. `name` is what the key is called in titles."""
    title = _("%(key)s: share %(number)d of %(count)d") % {
        "key": name,
        "number": share.index,
        "count": count,
    }
    _show(terminal, title, share)
    while True:
        with terminal.apart():
            terminal.say(title)
            terminal.say(
                _(
                    "Now type the words back from the paper, on as many lines as you like, and end "
                    "with an empty line."
                )
            )
            terminal.say(_("Type %s alone to see the share once more.") % AGAIN)
            text = read_lines(terminal)
        if text == AGAIN:
            _show(terminal, title, share)
            continue
        try:
            typed = read_share(text)
        except BadAnswer as refused:
            terminal.say(str(refused))
            continue
        if typed == share:
            terminal.say(_("%s: kept and checked.") % title)
            return
        terminal.say(_("This is a share without error, but another one. Take the paper for: %s.") % title)


def read_lines(terminal: Terminal) -> str:
    """Lines until an empty one, or until as many words as a share has."""
    lines: list[str] = []
    while len(" ".join(lines).split()) < WORDS_IN_SHARE:
        line = terminal.ask(">")
        if not line or line == AGAIN:
            return line or " ".join(lines)
        lines.append(line)
    return " ".join(lines)


def read_share(text: str) -> SeedShare:
    """The share in a typed text. Raises BadAnswer, which says what is wrong with it."""
    try:
        return SeedShare.parse(text)
    except UnknownShareWord as unknown:
        words = {"word": unknown.word, "place": unknown.place, "nearest": ", ".join(unknown.nearest)}
        if unknown.nearest:
            raise BadAnswer(
                _("Word %(place)d, “%(word)s”, is not of the list. Near it: %(nearest)s.") % words
            ) from None
        raise BadAnswer(_("Word %(place)d, “%(word)s”, is not of the list.") % words) from None
    except DamagedShare as damaged:
        if damaged.words != WORDS_IN_SHARE:
            typed = ngettext("%d word was typed", "%d words were typed", damaged.words) % damaged.words
            raise BadAnswer(
                _("A share has %(all)d words; %(typed)s.") % {"all": WORDS_IN_SHARE, "typed": typed}
            ) from None
        raise BadAnswer(
            _(
                "This share has an error: every word is of the list, but one is wrong or in the wrong"
                " place. Compare it word by word."
            )
        ) from None


def _show(terminal: Terminal, title: str, share: SeedShare) -> None:
    with terminal.apart():
        terminal.say(title)
        terminal.say(
            _(
                "For this trustee's eyes alone. Write the words on paper, with their numbers; take no"
                " photograph."
            )
        )
        terminal.say()
        for row in _rows(share.words):
            terminal.say(row)
        terminal.say()
        terminal.ask(_("Written down? Press Enter; the words are not shown again unless you ask."))


def _rows(words: tuple[str, ...]) -> list[str]:
    """The words numbered downwards in three columns."""
    height = -(-len(words) // COLUMNS)
    return [
        "".join(f"{place + 1:4d}. {words[place]:<10}" for place in range(row, len(words), height)).rstrip()
        for row in range(height)
    ]
