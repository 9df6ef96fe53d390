"""Canaries that come by messenger: who writes, what they write and send, what they are answered, and the account."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from tropa.rehearsal.bot_server import BotServer, Person
from tropa.rehearsal.language import gettext as _
from tropa.rehearsal.promises import Broken, Promises
from tropa.rehearsal.volunteer import Volunteer

if TYPE_CHECKING:
    from tropa.rehearsal.canaries import Planted

SMALLEST_NUMBER = 6_000_000_000


def somebody() -> BotServer:
    """A server with somebody behind it whom nobody ever was."""
    number = SMALLEST_NUMBER + secrets.randbelow(900_000_000)
    person = Person(number, f"kanareyka_{secrets.token_hex(6)}", f"Канарейка {secrets.token_hex(6)}")
    return BotServer(token=f"{number}:{secrets.token_urlsafe(32)}", person=person)


def write_by_messenger(bot: BotServer, lead: Volunteer, promises: Promises, planted: Planted) -> str:
    """The person writes and sends a file, a volunteer takes the thread and answers. Returns the thread's address.

    Raises Broken.
    """
    planted.words |= {
        "handle": str(bot.person.number),
        "user name": bot.person.user_name,
        "first name": bot.person.first_name,
        "token of the account": bot.token.partition(":")[2],
    }
    message = planted.hatch("message by messenger")
    name = planted.hatch("file name by messenger").replace(" ", "-")
    planted.words["file name by messenger as sent"] = name
    content = (planted.hatch("file content by messenger") + "\n").encode() * 200
    bot.write(message)
    promises.check(
        bot.received(lambda text: "Telegram" in text), _("The gateway tells the person the truth about it")
    )
    bot.write(planted.hatch("words to the file"), (f"{name}.jpg", content))
    promises.check(bot.all_taken(), _("The gateway takes everything that is sent to it"))
    thread = _thread_with(lead, message)
    lead.take(lead.thread(thread))
    answer = planted.hatch("answer by messenger")
    lead.answer(lead.thread(thread), answer)
    promises.check(bot.received(lambda text: answer in text), _("An answer reaches the person's messenger"))
    return thread


def answer_that_waits(lead: Volunteer, thread: str, planted: Planted) -> None:
    """An answer given while no gateway runs: it stays in the queue."""
    lead.answer(lead.thread(thread), planted.hatch("answer that waits to be sent"))


def _thread_with(lead: Volunteer, message: str) -> str:
    found = lead.search(message)
    link = found.link("/threads/")
    thread = link.address.split("/threads/")[1].split("/")[0] if link else ""
    if not thread or not lead.thread(thread).says(message):
        raise Broken(_("A message by messenger reaches the desk"), found.address)
    return thread
