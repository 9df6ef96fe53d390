"""What somebody typed while the desk locked itself: it goes back to their browser sealed to their own key, and becomes
the thread's draft once they unlock.

Kept true: the server stores none of it while it cannot be sealed to the case; what stands in the page opens with the
person's own passphrase alone, so an empty chair shows it to nobody, and an empty desk opens nothing of it. Nothing is
sent by it. Where it cannot become a draft, because nobody holds the thread or a colleague left a draft there, it is
shown to whoever typed it.
"""

from __future__ import annotations

import base64
import binascii
import json
from datetime import date

from tropa.desk.staff.models import Member
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.errors import NotTaken
from tropa.desk.talk.models import Draft, Thread
from tropa.desk.talk.services import save_draft
from tropa.desk.vault.errors import VaultError
from tropa.desk.vault.trust import verified_recipient
from tropa.envelope import CannotOpen, Context, open_sealed, seal

LONGEST = 100_000
"""Letters of what is kept; more than any answer may have."""
LONGEST_SEALED = 1_500_000


def seal_typed(*, member: Member, thread_id: str, text: str, on: date) -> str:
    """What goes into the page, in base64. Raises BadCertificate and the like when their key does not verify."""
    content = json.dumps({"thread": thread_id, "text": text[:LONGEST]}, ensure_ascii=False).encode()
    return base64.b64encode(seal(verified_recipient(member, on), _place(member), content)).decode()


def keep_typed(*, reader: Reader, sealed: str) -> str:
    """Make it the draft of its thread. The text if that cannot be, else nothing; nothing for what does not open."""
    try:
        content = base64.b64decode(sealed[:LONGEST_SEALED], validate=True)
        said = json.loads(open_sealed(reader.seed.sealing(), _place(reader.member), content))
        thread_id, text = str(said["thread"]), str(said["text"])
    except (CannotOpen, binascii.Error, ValueError, KeyError, TypeError):
        return ""
    thread = Thread.objects.select_related("case").filter(pk=thread_id).first()
    if thread is None or Draft.objects.filter(thread=thread).exclude(author=reader.member).exists():
        return text
    try:
        save_draft(reader=reader, thread=thread, text=text)
    except (NotTaken, VaultError):
        return text
    return ""


def _place(member: Member) -> Context:
    return Context("typed while locked", 1, "request", "typed", member.pk)
