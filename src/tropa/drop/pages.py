"""The pages that show nothing of anybody's conversation: write, code, return, errors, and the dull one.

A page that follows a typed codename, right or wrong, is `padded`; the others are as long as they are.
"""

from __future__ import annotations

import os
from functools import cache, lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tropa.counsel.library import Given
from tropa.desk.conf import conf
from tropa.drop import waiting
from tropa.drop.beside_words import Beside
from tropa.drop.form_token import NONCE_BYTES, FormToken, to_text
from tropa.drop.languages import PageLanguage
from tropa.drop.message import LONGEST_TEXT, Message, Problem, When
from tropa.drop.size_class import padded
from tropa.envelope import Codename, Language


def language_of_page() -> PageLanguage:
    """The language the middleware has set for this answer."""
    return PageLanguage(get_language() or PageLanguage.RUSSIAN)


def fill(name: str, **told: Any) -> str:
    """A template, or a part of a page, in the page's language."""
    language = language_of_page()
    frame = {"lang": language, "other": language.other, "example": conf.example}
    return get_template(f"drop/{name}.html").render({**frame, **told})


def render(name: str, *, rest: str = "", status: int = 200, **told: Any) -> HttpResponse:
    """A page as long as it is; `rest` is its address after the language, for the language switch."""
    return HttpResponse(fill(name, rest=rest, **told), status=status)


def render_one_size(name: str, *, rest: str, at_least: int = 0, **told: Any) -> HttpResponse:
    """A page of one size class, whatever is on it."""
    return HttpResponse(padded(fill(name, rest=rest, **told).encode(), at_least=at_least))


def fresh_nonce() -> str:
    """What tells one shown form from another."""
    return to_text(os.urandom(NONCE_BYTES))


HOLE = "@{}@"
"""Stands where a secret goes while the first two pages, which differ in nothing else, are filled in once."""


@cache
def _with_holes(name: str, language: PageLanguage, holes: tuple[str, ...], within: str) -> str:
    """The page as most people see it. `language` tells one from the other; it is the page's already. `within` is one of
    a few times.
    """
    assert language == language_of_page()
    if name == "code":
        words = [HOLE.format(hole) for hole in holes if hole.startswith("word")]
        beside = {hole: HOLE.format(hole) for hole in ("token", "along", "meanwhile")}
        return fill(name, rest="code/", words=words, within=within, **beside)
    return fill(name, rest="", token=HOLE.format("token"), when=When.UNKNOWN, **_promises(within))


def _filled(name: str, told: dict[str, str]) -> HttpResponse:
    page = _with_holes(name, language_of_page(), tuple(told), waiting.within())
    for hole, value in told.items():
        page = page.replace(HOLE.format(hole), value)
    return HttpResponse(page)


def _promises(within: str) -> dict[str, str]:
    """How soon we answer and when we erase."""
    answered, closed = waiting.kept_for()
    return {"within": within, "answered": answered, "closed": closed}


def write_page(token: FormToken) -> HttpResponse:
    """The first form."""
    return _filled("write", {"token": token.text})


def written_page(token: FormToken, message: Message, problem: Problem | None) -> HttpResponse:
    """The first form with all that was written in it, and what is to be done (None: nothing, the language
    changed).
    """
    statuses = {None: 200, Problem.NOT_STORED: 503}
    return render(
        "write",
        status=statuses.get(problem, 422),
        carry=True,
        token=token.text,
        text=message.text,
        when=message.when,
        problem=explain(problem, message) if problem else None,
        **_promises(waiting.within()),
    )


def code_page(token: FormToken, beside: Beside) -> HttpResponse:
    """The nine words, in the page's language; told once more only to whoever still holds the form. The page is of one
    size: whoever watches the line learns neither that answers were shown nor which.
    """
    page = _code_page(token, beside)
    page.content = padded(page.content)
    return page


def _code_page(token: FormToken, beside: Beside) -> HttpResponse:
    words = Codename.from_entropy(token.entropy(), Language(language_of_page())).words
    meanwhile = _meanwhile(beside.given, language_of_page()) if beside.given else ""
    told = {"token": token.text, "along": beside.fields, "meanwhile": meanwhile}
    if not (beside.refused or beside.moved):
        return _filled("code", {**told, **{f"word{n}": word for n, word in enumerate(words)}})
    said: dict[str, Any] = {"refused": refused_files(beside.refused), "no_room": beside.no_room}
    said |= {"moved": beside.moved, "words": words, "within": waiting.within(), **told}
    return render("code", rest="code/", **said)


@lru_cache(maxsize=64)
def _meanwhile(shown: tuple[Given, ...], language: PageLanguage) -> str:
    """Answers given at once, as they stand on a page: the same for whoever gets the same ones."""
    assert language == language_of_page()
    return fill("meanwhile", shown=shown)


def return_page() -> HttpResponse:
    """The form for nine words."""
    return render("return", rest="return/")


def refusal_page(*, erased: bool = False) -> HttpResponse:
    """After words that open nothing, or that opened something until it was just erased."""
    return render_one_size("return", rest="answers/", refusal=not erased, erased=erased)


def message_back_page(message: Message, problem: Problem | None, *, ask_words: bool) -> HttpResponse:
    """A later message that was not taken, whole; with the form for nine words where they have to be typed
    again.
    """
    told: dict[str, Any] = {
        "problem": explain(problem, message) if problem else None,
        "kept_text": message.text,
        "nonce": to_text(message.nonce),
    }
    return render_one_size("again", rest="return/", ask_words=ask_words, **told)


def message_sent_page(like: HttpResponse) -> HttpResponse:
    """After a message that came with the right words: as long as the page that would have given it back."""
    return render_one_size("sent", rest="answers/", at_least=len(like.content))


def error_page(*, status: int, code: str = "") -> HttpResponse:
    """What happened and what to do. The page has no form, and the browser's way back keeps what was typed."""
    match status:
        case 403:
            heading, explanation = (
                _("This form stands on another site"),
                _("Nothing was taken. Open our page itself."),
            )
        case 400:
            heading = _("This cannot be read")
            explanation = _("Nothing was taken. Go back, reload the page and send it again.")
        case 404:
            heading, explanation = _("There is nothing here"), _("The address may be mistyped.")
        case _:
            heading = _("Something broke on our side")
            explanation = _(
                "We cannot say whether it was taken. Go back and send it again: it will not be there twice."
            )
    return render("error", status=status, heading=heading, explanation=explanation, code=code)


def not_found(_request: HttpRequest, exception: Exception) -> HttpResponse:
    """For Django, which passes the exception under this name."""
    del exception
    return error_page(status=404)


def refused_files(count: int) -> str:
    """The sentence that says how many files were not taken, or nothing."""
    if not count:
        return ""
    return ngettext("%(count)d file was not taken", "%(count)d files were not taken", count) % {
        "count": count
    }


def _too_long(excess: int, kept: str, again: str) -> dict[str, str]:
    do = ngettext(
        "Shorten it by %(excess)d character, or send it in parts, one after another.",
        "Shorten it by %(excess)d characters, or send it in parts, one after another.",
        excess,
    )
    return {
        "what": _("The text is longer than %(most)s characters") % {"most": waiting.grouped(LONGEST_TEXT)},
        "safe": kept,
        "do": f"{do % {'excess': excess}} {again}",
    }


def explain(problem: Problem, message: Message | None) -> dict[str, str]:
    """What happened, what is safe, what to do."""
    again = _("If you had chosen files, choose them again: a browser does not keep them.")
    kept = _("Your text is below, whole. Nothing was sent.")
    match problem:
        case Problem.EMPTY:
            return {
                "what": _("There is no text yet"),
                "safe": _("Nothing was sent."),
                "do": _("Write one sentence: that is enough."),
            }
        case Problem.ONLY_REFUSED_FILES:
            return {
                "what": refused_files(message.refused if message else 1),
                "safe": _("A file may have up to 25 MB, and there may be 5 of them. Nothing was sent."),
                "do": _("Write what happened, or choose smaller files."),
            }
        case Problem.NO_ROOM:
            return {
                "what": refused_files(message.refused if message else 1),
                "safe": _(
                    "They are too much for us together, or there is no room for files now. Nothing was sent."
                ),
                "do": _("Write what happened: there is room for text. Send files later, one at a time."),
            }
        case Problem.TOO_LONG:
            return _too_long(message.excess if message else 0, kept, again)
        case Problem.BROKEN:
            return {
                "what": _("The message broke off on its way"),
                "safe": _("What reached us is below. Nothing was sent."),
                "do": f"{_('Look whether the text is whole and send it again.')} {again}",
            }
        case Problem.NOT_STORED:
            return {
                "what": _("We could not store the message"),
                "safe": kept,
                "do": f"{_('Try again in a minute: it will not be there twice.')} {again}",
            }
        case Problem.SHUT_OUT:
            return {
                "what": _("A long time has passed, the page closed itself"),
                "safe": kept,
                "do": _("Type the nine words: the text below will be sent with them."),
            }
        case Problem.WRONG_WORDS:
            return {
                "what": _("These words open nothing"),
                "safe": kept,
                "do": _(
                    "Check that there are nine words, their order and how they are spelled, and try again."
                ),
            }
