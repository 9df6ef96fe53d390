"""The page of answers put together: the step first, then unread answers, then one's own messages as day and
size.

Every page is of one size class. What does not fit goes on the next page, a long text in parts, so nothing is
ever cut off and nothing makes a page longer than the others.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tropa.desk.plans.applicant import ShownStep
from tropa.desk.talk.applicant import OwnMessage, ShownReply, mark_seen
from tropa.drop import waiting
from tropa.drop.admission import Notice
from tropa.drop.conversation import Contents, Conversation, contents
from tropa.drop.moving import messengers
from tropa.drop.pages import fill, fresh_nonce
from tropa.drop.size_class import CLOSES, OPENS, SIZE_CLASS, padded

ROOM = SIZE_CLASS - len(OPENS) - len(CLOSES)
LONGEST_PART = 3_000
"""Letters of a text shown in one piece; the worst letter takes six bytes (&quot;)."""

DOTS = 10
LONGEST_TITLE = 120


@dataclass(slots=True)
class Sheet:
    """What stands on one page."""

    replies: list[str] = field(default_factory=list)
    reply_ids: list[str] = field(default_factory=list)
    own: list[str] = field(default_factory=list)
    size: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """A piece that stays on one page: a reply or a part of one, or a row of one's own.

    The reply's id stands with its last part: what was not shown to its end cannot be called read.
    """

    html: str
    reply_id: str = ""
    own: bool = False

    @property
    def size(self) -> int:
        """Bytes on the page; an id stands there once more in the form below."""
        return len(self.html.encode()) + (100 if self.reply_id else 0)


def answers_page(found: Conversation, *, page: int, notice: Notice, now: datetime) -> HttpResponse:
    """The page of this number, or the first if there is none of that number."""
    inside = contents(found, now)
    told = _frame(inside, notice)
    step, rest_of_step = fill("checking") if inside.checking else "", list[Block]()
    if inside.step:
        step, rest_of_step = _step(inside.step, told["nonce"], now, heard=inside.heard)
    sheets = _sheets(
        [*rest_of_step, *_blocks(inside)],
        first=len(_fill(1, Sheet(), step, told).encode()),
        later=len(_fill(2, Sheet(), step, told).encode()),
    )
    page = page if 1 <= page <= len(sheets) else 1
    sheet = sheets[page - 1]
    mark_seen(thread=found.thread, ids=sheet.reply_ids, now=now)
    html = _fill(page, sheet, step, told, more=page < len(sheets))
    return HttpResponse(padded(html.encode()))


def _fill(page: int, sheet: Sheet, step: str, told: dict[str, Any], *, more: bool = True) -> str:
    """The page's text; an empty sheet gives what it takes by itself, headings included."""
    empty = not sheet.size
    return fill(
        "answers",
        rest="answers/",
        page=page,
        older=page + 1 if more else None,
        step=step,
        replies=" " if empty else "".join(sheet.replies),
        reply_ids=sheet.reply_ids,
        own=" " if empty else "".join(sheet.own),
        **told,
    )


def _frame(found: Contents, notice: Notice) -> dict[str, Any]:
    heading, waits = _heading(found)
    return {
        "heading": heading,
        "waiting": waits,
        "by_messenger": found.by_messenger,
        "may_go_on": bool(messengers()),
        "notice": _notice(notice),
        "first_time": not found.replies and not found.step and not found.checking,
        "nonce": fresh_nonce(),
        "within": waiting.within(),
    }


def _heading(found: Contents) -> tuple[str, bool]:
    """The heading, and whether there is nothing to read yet."""
    if found.step and found.replies:
        return _("There is an answer and a next step"), False
    if found.step:
        return _("There is a next step"), False
    if found.replies:
        return _("There is an answer"), False
    if found.checking:
        return _("Your step is being checked anew"), False
    return _("There is no new answer yet"), True


def _blocks(found: Contents) -> list[Block]:
    replies = [block for reply in found.replies for block in _reply(reply)]
    return [*replies, *(Block(_own(own), own=True) for own in found.own)]


def _sheets(blocks: list[Block], *, first: int, later: int) -> list[Sheet]:
    """The blocks dealt out to pages in their order; `first` and `later` are what a page takes by itself."""
    sheets = [Sheet(size=first)]
    for block in blocks:
        if sheets[-1].size + block.size > ROOM:
            sheets.append(Sheet(size=later))
        sheet = sheets[-1]
        sheet.size += block.size
        (sheet.own if block.own else sheet.replies).append(block.html)
        if block.reply_id and block.reply_id not in sheet.reply_ids:
            sheet.reply_ids.append(block.reply_id)
    return sheets


def _reply(reply: ShownReply) -> list[Block]:
    parts = parts_of(reply.text)
    author = reply.author_pseudonym if len(parts) == 1 else ""
    told = {"day": waiting.moment(reply.at), "kept": reply.kept, "asks_help": bool(reply.answers)}
    blocks = []
    for number, part in enumerate(parts, 1):
        name = author or _("%(author)s, part %(number)d of %(all)d") % {
            "author": reply.author_pseudonym,
            "number": number,
            "all": len(parts),
        }
        last = number == len(parts)
        html = fill("reply", author=name, paragraphs=part.split("\n\n"), id=reply.id if last else "", **told)
        blocks.append(Block(html, reply.id if last else ""))
    return blocks


def parts_of(text: str) -> list[str]:
    """`text` in pieces that fit on a page, cut at the end of a line or word where there is one."""
    parts = []
    while len(text) > LONGEST_PART:
        cut = max(text.rfind("\n", 0, LONGEST_PART), text.rfind(" ", 0, LONGEST_PART)) + 1 or LONGEST_PART
        parts.append(text[:cut])
        text = text[cut:]
    return [*parts, text]


def _own(own: OwnMessage) -> str:
    day, size = waiting.day_and_month(own.day), size_in_words(own.size_class)
    label = _("Erase the message of %(day)s, %(size)s") % {"day": day, "size": size}
    kinds = {"safe": _("I am safe"), "talk_now": _("I need to talk now")}
    return fill("own", id=own.id, kind=kinds.get(own.kind, _("Message")), day=day, size=size, label=label)


def size_in_words(size: int) -> str:
    """A padded size: never more exact than its class."""
    if size < 1024 * 1024:
        return _("up to %(count)d\N{NO-BREAK SPACE}kB") % {"count": -(-size // 1024)}
    return _("up to %(count)d\N{NO-BREAK SPACE}MB") % {"count": -(-size // (1024 * 1024))}


def _step(step: ShownStep, nonce: str, now: datetime, *, heard: bool) -> tuple[str, list[Block]]:
    """The card, and what of a very long text follows below it."""
    first, *rest = parts_of(step.text.strip())
    title, _line, body = first.partition("\n")
    if len(title) > LONGEST_TITLE:
        title, body = "", first
    card = fill(
        "step",
        id=step.release_id,
        nonce=nonce,
        kept=step.kept,
        title=title,
        paragraphs=[paragraph for paragraph in body.split("\n\n") if paragraph.strip()],
        valid=_("It holds until %(moment)s.") % {"moment": waiting.day_and_month(step.expires.date())},
        **_clock(None if heard else step.check_in, now),
    )
    following = {"author": _("Your next step, continued"), "day": "", "kept": False, "id": ""}
    return card, [Block(fill("reply", paragraphs=part.split("\n\n"), **following)) for part in rest]


def _clock(check_in: datetime | None, now: datetime) -> dict[str, Any]:
    """What is left until the person is expected to say how it went."""
    if check_in is None:
        return {"left": "", "until": "", "dots": ()}
    until = (
        _("for word from you: until %(moment)s")
        if check_in > now
        else _("We expected word from you by %(moment)s. Write as soon as you can.")
    )
    return {
        "left": waiting.left(check_in, now),
        "until": until % {"moment": waiting.moment(check_in)},
        "dots": range(min(DOTS, max(0, (check_in - now) // timedelta(days=1)))),
    }


def _notice(notice: Notice) -> dict[str, str] | None:
    """What was just done, and what follows from it."""
    match notice:
        case Notice.NONE | Notice.ALL_ERASED:
            return None
        case Notice.SENT:
            return {"what": _("Your message is with us"), "then": _("A person on duty will read it.")}
        case Notice.SENT_WITHOUT_FILES:
            then = _(
                "Not every file was taken: one may have up to 25 MB, and there may be 5 of them. "
                "Send the rest in smaller parts."
            )
            return {"what": _("Your text is with us"), "then": then}
        case Notice.SENT_WITHOUT_ROOM:
            then = _(
                "Not every file was taken: they are too much together, or there is no room for files now. "
                "Send them later, one at a time."
            )
            return {"what": _("Your text is with us"), "then": then}
        case Notice.SAFE:
            return {
                "what": _("Thank you. We know that you are safe"),
                "then": _("It is noted. You need not write anything more."),
            }
        case Notice.TALK_NOW:
            then = _(
                "It is marked as urgent and will be read first. If you can, write below what happened. "
                "We cannot promise an answer this minute: if waiting is dangerous, get to a safe place first."
            )
            return {"what": _("We see that you need to talk"), "then": then}
        case Notice.READ:
            return {"what": _("Erased"), "then": _("What you have read is no longer here.")}
        case Notice.KEPT:
            return {
                "what": _("Kept"),
                "then": _("It stays here until you erase it. Whoever learns the nine words sees it."),
            }
        case Notice.NOT_STORED:
            return {
                "what": _("We could not store that"),
                "then": _("Nothing has changed. Try again in a minute."),
            }
        case Notice.STEP_DONE:
            return {
                "what": _("We know that this step is done"),
                "then": _("The next one comes when two people have checked it."),
            }
        case Notice.STEP_FAILED:
            then = _("We will look for another way. If you can, write below what stands in the way.")
            return {"what": _("We know that it does not work"), "then": then}
        case Notice.HELP_COUNTED:
            then = _("Only a number is kept: how often an answer helped. Nothing says that it was you.")
            return {"what": _("Thank you, it is noted"), "then": then}
        case Notice.MESSAGE_ERASED:
            return {"what": _("The message is erased"), "then": _("It is gone from our side as well.")}
