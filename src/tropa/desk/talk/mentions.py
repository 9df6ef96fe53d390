"""`@name` in an internal note: the colleague finds it on their Today until they have opened the thread.

Only holders of the case can be mentioned: nobody learns from a mention that there is a case they may not open. Which
note mentions whom is a row of ids; what it says lies sealed in the note.
"""

from __future__ import annotations

import re

from django.db import connection

from tropa.desk.cases.models import Case
from tropa.desk.staff.models import Member
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.models import Entry, Mention, Thread
from tropa.desk.vault.services import holders, of_held_cases

MENTIONED = "SELECT EXISTS (SELECT 1 FROM talk_mention WHERE member_id = %s)"


def mentioned_in(text: str, *, case: Case, reader: Reader) -> list[Member]:
    """The holders of the case whose pseudonym stands behind an @ in the text, but for its author."""
    if "@" not in text:
        return []
    others = [one for one in holders(case, reader.now.date()) if one.pk != reader.member.pk]
    return [one for one in others if _names(one.pseudonym).search(text)]


def note_mentions(entry: Entry, members: list[Member]) -> None:
    """Keep that a note mentions these; runs in the note's transaction."""
    Mention.objects.bulk_create(Mention(entry=entry, member=member) for member in members)


def mentions(*, reader: Reader) -> list[Mention]:
    """Notes that mention the reader, of cases they hold today, the oldest first. One query."""
    rows = Mention.objects.filter(
        member=reader.member, entry__thread__case_id__in=of_held_cases(reader=reader)
    )
    return list(rows.select_related("entry__thread", "entry__author").order_by("entry__day", "id"))


def seen(*, reader: Reader, thread: Thread) -> None:
    """The reader has opened the thread: what mentioned them there is known."""
    with connection.cursor() as cursor:
        cursor.execute(MENTIONED, [reader.member.pk])
        mentioned = bool(cursor.fetchone()[0])
    if mentioned:  # else there is nothing to write, and every opened thread asks
        Mention.objects.filter(member=reader.member, entry__thread_id=thread.pk).delete()


def _names(pseudonym: str) -> re.Pattern[str]:
    return re.compile(rf"@{re.escape(pseudonym)}(?![\w-])", re.IGNORECASE)
