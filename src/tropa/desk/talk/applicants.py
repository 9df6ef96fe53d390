"""An applicant's public keys as their thread carries them, and what they wrote held against them.

Both keys follow from the codename and the thread's id follows from both, so a row that names another key is found
out by its own id, and nothing is sealed to it or believed on its word.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

from tropa.desk.talk.errors import KeySwapped
from tropa.desk.talk.models import Entry, EntryKind, Thread
from tropa.desk.talk.seals import entry_context
from tropa.envelope import (
    ApplicantPublic,
    BadKey,
    BadSignature,
    Context,
    EnvelopeError,
    SigningKey,
    SigningPublicKey,
    thread_id_of,
    verify,
)

OWN_KINDS = frozenset({EntryKind.APPLICANT, EntryKind.SAFE, EntryKind.TALK_NOW})
"""What only the applicant writes."""


def applicant_public(thread: Thread) -> ApplicantPublic:
    """The keys of the person who wrote. Raises KeySwapped when they are not those the thread is named after."""
    return _named(bytes(thread.applicant_public), thread.pk)


def require_own(thread: Thread, key: SigningKey) -> None:
    """Return if `key` is the one this thread's words are verified with. Raises KeySwapped."""
    if applicant_public(thread).signing != key.public:
        raise KeySwapped


def check_own(entry: Entry, thread: Thread, content: bytes) -> None:
    """Return if the applicant signed this very entry. Raises BadSignature."""
    if entry.signature is None:
        raise BadSignature
    try:
        public = applicant_public(thread)
    except KeySwapped:
        raise BadSignature from None
    digest = hashlib.sha256(content).digest()
    _fits(public.signing.raw, entry_context(entry, "signature"), digest, bytes(entry.signature))


def is_their_own(entry: Entry, thread: Thread, content: bytes) -> bool:
    """Whether the applicant signed this very entry."""
    try:
        check_own(entry, thread, content)
    except EnvelopeError:
        return False
    return True


@lru_cache(maxsize=256)
def _named(raw: bytes, thread_id: str) -> ApplicantPublic:
    """The keys in these bytes, if the id follows from them. Raises KeySwapped."""
    try:
        public = ApplicantPublic.parse(raw)
    except BadKey:
        raise KeySwapped from None
    if thread_id_of(public) != thread_id:
        raise KeySwapped
    return public


@lru_cache(maxsize=2048)
def _fits(public: bytes, context: Context, digest: bytes, signature: bytes) -> None:
    """Remembers signatures that fitted; one that does not raises, and is looked at anew each time."""
    verify(SigningPublicKey(public), context, digest, signature)
