"""Writing into the library: somebody proposes a text, somebody else approves it, and from then on it stands there.

Kept true: a text counts only with two signatures of two people; what it is judged by is told before it is stored and
judged again before it counts; nobody overwrites unseen what somebody else changed; no name of anybody goes in. An
answer is never deleted: what stood before stays in the history. What may not be sent (expired, contradicted) is
refused at sending, whoever wrote it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from tropa.counsel.library import Answer, State, judge, wording
from tropa.counsel.naming import named_in
from tropa.desk import clock
from tropa.desk.atlas.in_force import in_force
from tropa.desk.audit.acts import Act
from tropa.desk.audit.services import record
from tropa.desk.identifiers import new_id
from tropa.desk.library.content import Content
from tropa.desk.library.errors import (
    AlreadyDecided,
    NotCertified,
    NothingChanges,
    OwnProposal,
    StaleAnswer,
    WrongAnswer,
)
from tropa.desk.library.in_force import library
from tropa.desk.library.lines import levels_of
from tropa.desk.library.models import AnswerChange, Decision
from tropa.desk.library.statements import check_answer_change, sign_decision, sign_proposal
from tropa.desk.library.stored import content_of, stored
from tropa.desk.library.words import reason_words
from tropa.desk.one_writer import Writing, one_writer
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.pseudonyms import pseudonyms_in
from tropa.desk.vault.trust import verified_certificate
from tropa.envelope import EnvelopeError

HARDEST = 15
"""Years of school a text may ask for: the hardest shipped answer, a list of states, stays below."""


def propose(*, reader: Reader, answer: Answer, was: str, why: str) -> AnswerChange:
    """Store a text for a second person. `was`: the digest of the answer it was written over, "" for a new one.

    Raises NotCertified, StaleAnswer, NothingChanges, WrongAnswer.
    """
    _require_certified(reader)
    with transaction.atomic():
        number = _next_number()
        _require_fresh(answer.id, was)
        now = library().answers.get(answer.id)
        if now is not None and wording(replace(answer, history=now.history)) == was:
            raise NothingChanges
        _require_good(answer)
        row = AnswerChange(
            id=new_id(),
            number=number,
            answer=answer.id,
            content=Content(answer, was, why).encode(),
            day=reader.now.date(),
            author=reader.member,
        )
        row.signature = sign_proposal(reader, row)
        row.save(force_insert=True)
        _log(reader, Act.ANSWER_PROPOSED, row)
    stored().write_down()
    return row


def approve(*, reader: Reader, change_id: str) -> None:
    """Sign a proposal as the second person: from now on it stands in the library. Raises OwnProposal, AlreadyDecided,
    NotCertified; StaleAnswer or WrongAnswer when it no longer fits.
    """
    with transaction.atomic():
        place = _next_number()
        row = _to_decide(reader, change_id)
        content = content_of(row)
        _require_fresh(row.answer, content.was)
        _require_good(content.answer)
        row.place = place
        _decide(reader, row, Decision.APPROVED)
        _log(reader, Act.ANSWER_APPROVED, row)
    stored().write_down()


def decline(*, reader: Reader, change_id: str) -> None:
    """Turn a proposal down; it never counts. Raises as `approve`."""
    with transaction.atomic():
        row = _to_decide(reader, change_id)
        _decide(reader, row, Decision.DECLINED)
        _log(reader, Act.ANSWER_DECLINED, row)


def reasons_against(answer: Answer) -> tuple[str, ...]:
    """Everything for which a text may not stand in the library, as sentences."""
    return tuple(_reasons(answer))


def _reasons(answer: Answer) -> Iterator[str]:
    facts, day = in_force(), clock.facts_day()
    judged = judge(answer, facts.atlas, day)
    if judged.state is State.CONTRADICTED:
        yield from (reason_words(reason) for reason in judged.reasons)
    texts = (
        answer.title.ru,
        answer.text.ru,
        answer.title.en,
        answer.text.en,
        *answer.asked.ru,
        *answer.asked.en,
    )
    named = dict.fromkeys(one for text in texts for one in (*named_in(text), *pseudonyms_in(text)))
    known = set(named_in(_public(answer)))
    unknown = [one for one in named if one not in known]
    if unknown:
        yield _("This names somebody, and answers are public: %(names)s.") % {"names": ", ".join(unknown)}
    for language, grade in levels_of(answer).items():
        if grade >= HARDEST:
            yield _(
                "The text in %(language)s asks for %(grade)d years of school; %(most)d are too many already."
            ) % {
                "language": language.value.upper(),
                "grade": grade,
                "most": HARDEST,
            }
    if answer.review_by <= answer.as_of:
        yield _("The day of the next review has to lie ahead.")


def _public(answer: Answer) -> str:
    """What names may stand in a text: those of the answer in force and of the facts it rests on."""
    now = library().answers.get(answer.id)
    atlas = in_force().atlas
    cited = [str(atlas.facts[one]) for one in answer.facts if one in atlas.facts]
    stands = [now.title.ru, now.text.ru, *now.asked.ru] if now else []
    return " ".join([*cited, *stands])


def _require_good(answer: Answer) -> None:
    reasons = reasons_against(answer)
    if reasons:
        raise WrongAnswer(reasons)


def _require_fresh(answer_id: str, was: str) -> None:
    now = library().answers.get(answer_id)
    if (wording(now) if now else "") != was:
        raise StaleAnswer


def _require_certified(reader: Reader) -> None:
    try:
        verified_certificate(reader.member, reader.now.date())
    except EnvelopeError:
        raise NotCertified from None


def _to_decide(reader: Reader, change_id: str) -> AnswerChange:
    """The proposal, locked and verified, for somebody who may decide about it."""
    _require_certified(reader)
    rows = AnswerChange.objects.select_for_update(of=("self",)).select_related("author__issuer__issuer")
    row = rows.filter(pk=change_id).first()
    if row is None or row.decision != Decision.WAITING:
        raise AlreadyDecided
    try:
        check_answer_change(row)
        content_of(row)
    except (EnvelopeError, ValueError):
        raise AlreadyDecided from None
    if row.author_id == reader.member.pk:
        raise OwnProposal
    return row


def _decide(reader: Reader, row: AnswerChange, decision: Decision) -> None:
    row.second, row.second_day, row.decision = reader.member, reader.now.date(), decision
    row.second_signature = sign_decision(reader, row)
    row.save(update_fields=["place", "second", "second_day", "second_signature", "decision"])


def _next_number() -> int:
    """One more than any number or place there is; nobody else takes one before this transaction ends."""
    one_writer(Writing.CHANGES_OF_ANSWERS)
    last = AnswerChange.objects.aggregate(number=Max("number"), place=Max("place"))
    return max(last["number"] or 0, last["place"] or 0) + 1


def _log(reader: Reader, act: Act, row: AnswerChange) -> None:
    record(reader=reader, act=act, detail={"change": row.pk, "answer": row.answer}, now=reader.now)
