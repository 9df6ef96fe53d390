"""What the gateway says by itself, and the few words it obeys."""

from __future__ import annotations

import gettext as catalogues
import re
from enum import StrEnum
from functools import cache
from pathlib import Path

from tropa.desk.messengers.move_code import MoveCode

LOCALE = Path(__file__).parent / "locale"


def gettext_noop(message: str) -> str:
    """Marks a message where it stands, to be translated where it is said."""
    return message


_ = gettext_noop


class Word(StrEnum):
    """What may be said."""

    WAY_UP = "way_up"
    A_PERSON_ANSWERS = "a_person_answers"
    TOO_LARGE = "too_large"
    FILE_LOST = "file_lost"
    UNREADABLE = "unreadable"
    IN_CLEAR = "in_clear"
    OTHER_KEY = "other_key"
    DELETED = "deleted"
    MOVE_CODE = "move_code"
    NOTHING_TO_MOVE = "nothing_to_move"
    CODE_NOT_GOOD = "code_not_good"
    HERE_ALREADY = "here_already"
    ARRIVED = "arrived"
    BEFORE_ELSEWHERE = "before_elsewhere"
    BEFORE_AT_THE_DROP = "before_at_the_drop"
    FAREWELL = "farewell"
    MOVED_HERE = "moved_here"
    CHECK_IN = "check_in"
    CHOSEN = "chosen"
    SHORT_QUESTIONS = "short_questions"
    REAL = "real"
    NO_LIST = "no_list"
    NEWS_ON = "news_on"
    NEWS_OFF = "news_off"
    NEWS_NOBODY = "news_nobody"
    NEWS = "news"
    QUESTIONS_BEGIN = "questions_begin"
    QUESTIONS_END = "questions_end"
    QUESTIONS_PERSON = "questions_person"
    QUESTIONS_DANGER = "questions_danger"
    QUESTIONS_NOT_NOW = "questions_not_now"
    HOW_ONE = "how_one"
    HOW_SEVERAL = "how_several"
    ANSWER_AGE = "answer_age"
    ANSWER_DAY = "answer_day"


WORDS = {
    Word.WAY_UP: _(
        "A safer way to write to us: {address} in Tor Browser. You get nine words there; nobody else can read what you "
        "write and what we answer."
    ),
    Word.A_PERSON_ANSWERS: _(
        "A person reads what you write here and answers you here. /privacy shows this again, /move gives you a "
        "one-time code to go on in another channel, /real says how to check that it is us, /news lets us tell you here "
        "when our addresses change, /delete deletes everything we hold of this conversation."
    ),
    Word.TOO_LARGE: _(
        "A file you sent is larger than we can take, so it was not kept. What you wrote was. Please send a smaller "
        "one, or tell us in words what it shows."
    ),
    Word.FILE_LOST: _("A file you sent did not reach us. What you wrote did. Please send the file again."),
    Word.UNREADABLE: _("We could not read your last message. Please write it again in simple words."),
    Word.IN_CLEAR: _(
        "Your last message came unencrypted. We did not take it, and what it said is kept nowhere here. Please encrypt "
        "it and send it again."
    ),
    Word.OTHER_KEY: _(
        "Your last message was not signed with the key of yours that we hold and that is still good. We keep it back, "
        "unread. Please sign with that key. If you have a new one, tell somebody here whom you know in another way."
    ),
    Word.CHECK_IN: _("Write to us here by {moment} (UTC) how it went."),
    Word.CHOSEN: _(
        "This is an automatic message: a program chose it by your words; nobody has read them yet. It may not fit. A "
        "person will read what you wrote and answer you here in any case."
    ),
    Word.SHORT_QUESTIONS: _(
        "A few short questions say more exactly what follows for you; each may be skipped, and nothing is stored: "
        "{address} in Tor Browser. Or send /questions to be asked here, where the messenger keeps what you answer."
    ),
    Word.QUESTIONS_BEGIN: _(
        "An automatic conversation: a program asks, and no person reads along. We store none of your answers; the "
        "messenger keeps what stands here. If an answer shows that you may be in danger, that one answer goes to a "
        "person. To write to a person at any time, just write."
    ),
    Word.QUESTIONS_END: _(
        "What follows from your answers, by the facts as of {day}, put together by a program:"
    ),
    Word.QUESTIONS_PERSON: _(
        "What is not named here was not settled by your answers. A person looks at it if you write what you want to "
        "know. /questions begins anew."
    ),
    Word.QUESTIONS_DANGER: _(
        "This is for a person, not for a program. We have passed on this one answer, and a person will write to you "
        "here. If it is urgent, write now what is happening, without names and numbers."
    ),
    Word.QUESTIONS_NOT_NOW: _("A person answers you here; a program asks nothing now. Just write."),
    Word.HOW_ONE: _("Answer with a number, “-” to skip, “?” if you do not know, /stop to end."),
    Word.HOW_SEVERAL: _(
        "Answer with one number or several (1, 3), “-” to skip, “?” if you do not know, /stop to end."
    ),
    Word.ANSWER_AGE: _("A number of full years."),
    Word.ANSWER_DAY: _("A day, like 22.11.2026."),
    Word.MOVE_CODE: _(
        "Your one-time code:\n\n{code}\n\nTo go on by another messenger, send it to us there as your first message. To "
        "go on at our site, open {address} in Tor Browser and enter it. It works once, until {moment} (UTC); a new "
        "/move ends it. Whoever has it can take this conversation over: give it to nobody. Nothing changes until it is "
        "used."
    ),
    Word.NOTHING_TO_MOVE: _(
        "There is no conversation here to take along. Write to us, or send a code you have."
    ),
    Word.CODE_NOT_GOOD: _(
        "This code opens nothing. It may be mistyped, used already, or too old. Ask for a new one where you wrote to "
        "us before. Nothing has changed."
    ),
    Word.HERE_ALREADY: _(
        "You have written to us from here before, so a code brings no other conversation here. Go on here; or send "
        "/delete if nothing of what you wrote here is needed, and then the code again. Nothing has changed."
    ),
    Word.ARRIVED: _(
        "Your conversation goes on here. Whoever helps you sees that it moved, and answers you here from now on."
    ),
    Word.BEFORE_ELSEWHERE: _("What was written before stays in the other messenger. {truth}"),
    Word.BEFORE_AT_THE_DROP: _(
        "Your nine words still open your page at our site: answers from before are there, and you can erase everything."
    ),
    Word.FAREWELL: _(
        "Your conversation has moved to another channel, with the one-time code you asked for here. No answer comes "
        "here any more; what you write here begins a new conversation. If it was not you who used the code, write to "
        "us here at once. What stands here, the messenger keeps. {truth}"
    ),
    Word.MOVED_HERE: _("The conversation moved here with a one-time code."),
    Word.REAL: _(
        "How do you know that this is really us? Only the address tells. Open {address} in Tor Browser and compare: "
        "the address you are writing to now has to stand on the list there, letter by letter.\n\nList {number}, good "
        "until {last}:\n\n{points}\n\nCheck phrase: {phrase}\n\nThe same four words stand there. They alone prove "
        "nothing, for a copy can repeat them. We never write first, except that our addresses changed, to whoever "
        "asked for that by /news; and we never ask for money, passwords or real names."
    ),
    Word.NO_LIST: _(
        "There is no list of our addresses in force now to compare with; {address} in Tor Browser says so too, and "
        "will have the next one. Until then take no address for ours because somebody says so."
    ),
    Word.NEWS_ON: _(
        "When our addresses change, we will write to you here, and for nothing else. Each such message is signed by "
        "two of us, and every address in it stands on the list that /real shows. Whoever looks at your phone may "
        "see it. /nonews ends it at any time."
    ),
    Word.NEWS_OFF: _("No news about our addresses will come here. Answers to what you write still do."),
    Word.NEWS_NOBODY: _("There is no conversation here yet. Write to us first; after that /news works."),
    Word.NEWS: _(
        "News about our addresses, signed by two of us. It comes because you asked for it with /news; /nonews ends "
        "it.\n\n{text}\n\nOur addresses, list {number}, good until {last}:\n\n{points}\n\nCheck phrase: {phrase}\n\n"
        "Send /real to compare."
    ),
    Word.DELETED: _(
        "Everything we held of this conversation is deleted. We cannot delete what the messenger itself keeps."
    ),
}


class Command(StrEnum):
    """Words people can send instead of a message."""

    START = "/start"
    PRIVACY = "/privacy"
    DELETE = "/delete"
    MOVE = "/move"
    REAL = "/real"
    QUESTIONS = "/questions"
    NEWS = "/news"
    NO_NEWS = "/nonews"


SOMETHING_WAITS = _("Something waits. Look when it suits you.")
"""The one notice there is outside the page, on a locked screen too: it names nobody and nothing."""

MARK, OTHER_MARK = "/", "!"
_NAMED = re.compile(rf"(?<![\w/.:]){MARK}(?=({'|'.join(command[1:] for command in Command)})\b(?!/))")
"""The mark of a command within a text; an address has something before it or behind."""


def command_in(text: str) -> Command | None:
    """The command a message consists of; None for everything else, which is for people to read."""
    typed = _with_the_usual_mark(text)
    word = typed.split("@", 1)[0].split(" ", 1)[0].lower()
    if word == Command.START:
        return Command.START  # a client sends what its link carried along
    return next((command for command in Command if typed.split("@", 1)[0].lower() == command), None)


def with_commands_as(mark: str, text: str) -> str:
    """The text with commands as people can type them in this channel."""
    return text if mark == MARK else _NAMED.sub(mark, text)


def _with_the_usual_mark(text: str) -> str:
    typed = text.strip()
    return MARK + typed[1:] if typed.startswith(OTHER_MARK) else typed


def code_in(text: str) -> MoveCode | None:
    """The one-time code a message consists of, with or without the command before it."""
    typed = _with_the_usual_mark(text)
    return MoveCode.parse(typed[len(Command.MOVE) :] if typed.lower().startswith(Command.MOVE) else typed)


def told_in(message: str, language: str) -> str:
    """The message in Russian or English; anything else is told in Russian, the language of most who write."""
    return _catalogue("en" if language == "en" else "ru").gettext(message)


@cache
def _catalogue(language: str) -> catalogues.NullTranslations:
    if language == "en":
        return catalogues.NullTranslations()
    return catalogues.translation("gateway", localedir=str(LOCALE), languages=[language])
