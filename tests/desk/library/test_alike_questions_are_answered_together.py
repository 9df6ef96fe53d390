"""Alike questions: grouped for whoever may open them, answered together, never anybody in danger or in doubt."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from tests.desk.world import World, Written, signed_in
from tropa.counsel.library import AnswerRefused
from tropa.desk.cases.models import Urgency
from tropa.desk.library.alike import alike_lines, alike_now, group_of, rising_now
from tropa.desk.library.batch import Left, Recipient, answer_together
from tropa.desk.library.counting import counts
from tropa.desk.talk.applicant import delete_entry, verified_reply
from tropa.desk.talk.arrivals import receive_more
from tropa.desk.talk.body import EntryBody
from tropa.desk.talk.inbox import inbox_listing
from tropa.desk.talk.models import Entry, EntryKind, Thread
from tropa.desk.talk.queries import thread_entries
from tropa.desk.talk.services import take

METRO = "вручили повестку у станции метро, что теперь делать с повесткой у метро"
ASKED = [
    METRO,
    "у метро вручили повестку что делать",
    "повестку вручили прямо у станции метро, что делать?",
    "подскажите, вручили повестку на станции метро, что делать",
]
OTHER = "как перевести диплом врача в германии"
DANGER = "вручили повестку у станции метро, что делать, меня держат в отделе полиции"
ANSWER = "summons-age"


def wrote(world: World, texts: list[str] = ASKED) -> list[Written]:
    return [world.write_in(text) for text in texts]


def recipients(written: list[Written], first_line: str = "") -> list[Recipient]:
    return [
        Recipient(one.thread.pk, Thread.objects.get(pk=one.thread.pk).last_heard, first_line)
        for one in written
    ]


def answered(
    world: World, written: list[Written], token: str = "a" * 32, **more: object
) -> list[Left | None]:
    told = {"text": "Вот что известно.", "answers": (), "token": token} | more
    outcomes = answer_together(reader=world.boris.reader(), recipients=recipients(written), **told)  # type: ignore[arg-type]
    return [one.left for one in outcomes]


def replies(written: Written) -> list[str]:
    """What the person reads, verified with nothing but their nine words."""
    found = Entry.objects.filter(thread=written.thread, kind=EntryKind.REPLY).order_by("sequence")
    verified = [verified_reply(entry, written.keys.seed.sealing()) for entry in found]
    return [one.text for one in verified if one is not None]


def form(client: Client, written: list[Written], **more: object) -> dict[str, object]:
    to = [f"{one.thread_id}:{one.heard}" for one in recipients(written)]
    return {"to": to, "text": "Вот что известно.", "token": "b" * 32, "read": "1", "act": "send", **more}


def test_those_who_ask_alike_stand_in_one_group_for_whoever_may_open_them(world: World) -> None:
    written = wrote(world)
    world.write_in(OTHER)
    (group,) = alike_now(world.boris.reader())
    assert {row.id for row in group.rows} == {one.thread.pk for one in written}
    assert group_of(world.boris.reader(), written[2].thread.pk) is not None
    assert alike_now(world.stranger.reader()) == ()
    assert group_of(world.stranger.reader(), written[0].thread.pk) is None


def test_whoever_was_answered_between_listing_and_opening_is_left_out(world: World) -> None:
    first, *others = wrote(world)
    listing = inbox_listing(reader=world.boris.reader(), size=10)
    Thread.objects.filter(pk=first.thread.pk).update(waiting=False, waiting_since=None)
    assert {row.id for row in listing.rows()} == {one.thread.pk for one in others}
    assert listing.rows(only={first.thread.pk}) == []


def test_a_new_message_and_its_deletion_change_the_mark_of_the_list_and_looking_does_not(
    world: World,
) -> None:
    first, *_others = wrote(world)
    mark = inbox_listing(reader=world.boris.reader(), size=10).mark
    assert inbox_listing(reader=world.boris.reader(), size=10).mark == mark
    more = EntryBody(text="и ещё: мне 17", at=world.now)
    receive_more(thread=first.thread, signing=first.signing, body=more, dedupe_tag="e" * 32, now=world.now)
    written = inbox_listing(reader=world.boris.reader(), size=10).mark
    last = Entry.objects.filter(thread=first.thread).order_by("sequence").last()
    assert last is not None
    assert delete_entry(thread=first.thread, entry_id=last.pk)
    assert mark != written
    assert inbox_listing(reader=world.boris.reader(), size=10).mark == mark


def test_each_gets_the_text_in_the_language_they_wrote_in(world: World) -> None:
    written = [world.write_in(ASKED[0]), world.write_in("Can I renew my passport abroad?", language="en")]
    assert answered(world, written, text_en="This is what is known.") == [None, None]
    assert replies(written[0]) == ["Вот что известно."]
    assert replies(written[1]) == ["This is what is known."]


def test_without_an_english_text_everybody_gets_the_one_there_is(world: World) -> None:
    written = [world.write_in("Can I renew my passport abroad?", language="en")]
    assert answered(world, written) == [None]
    assert replies(written[0]) == ["Вот что известно."]


def test_an_answer_is_put_in_in_both_languages_at_once(world: World) -> None:
    written = wrote(world)
    client = signed_in(world.boris)
    page = client.post(
        f"/answers/all/alike/{written[0].thread.pk}/", {"put": f"{ANSWER}:pair", "text": "", "text_en": ""}
    ).content.decode()
    russian, english = page.partition('name="text"')[2], page.partition('name="text_en"')[2]
    assert "На срочную службу" in russian.partition("</textarea>")[0]
    assert "Men are called up" in english.partition("</textarea>")[0]


def test_one_text_goes_into_each_thread_signed_and_sealed_there_with_a_line_of_its_own(world: World) -> None:
    written = wrote(world)
    told = [
        Recipient(one.thread_id, one.heard, f"Строка {number}.")
        for number, one in enumerate(recipients(written))
    ]
    outcomes = answer_together(
        reader=world.boris.reader(), recipients=told, text="Общее.", answers=(ANSWER,), token="c" * 32
    )
    assert [one.left for one in outcomes] == [None] * 4
    assert [replies(one) for one in written] == [[f"Строка {number}.\n\nОбщее."] for number in range(4)]
    threads = Thread.objects.select_related("case")
    assert {thread.case.lead_id for thread in threads if thread.case} == {world.boris.member.pk}
    assert len({thread.case_id for thread in threads}) == 4
    assert not threads.filter(waiting=True).exists()
    first = Thread.objects.get(pk=written[0].thread.pk)
    assert thread_entries(reader=world.boris.reader(), thread=first)[-1].answers == (ANSWER,)
    assert counts()[ANSWER].sent == 4


def test_sent_twice_it_is_one_answer_for_each(world: World) -> None:
    written = wrote(world)
    assert answered(world, written) == answered(world, written) == [None] * 4
    assert [len(replies(one)) for one in written] == [1] * 4


def test_whoever_may_be_in_danger_is_never_answered_together(world: World) -> None:
    calm, danger = wrote(world), world.write_in(DANGER, urgency=Urgency.UNSORTED)
    hurried = world.write_in(METRO, urgency=Urgency.DAY)
    earlier = world.write_in("меня избивает командир, я солдат")
    more = EntryBody(text=METRO, at=world.now)
    receive_more(
        thread=earlier.thread, signing=earlier.signing, body=more, dedupe_tag="d" * 32, now=world.now
    )
    (group,) = alike_now(world.boris.reader())
    shown = {row.id for row in group.rows}
    assert shown.isdisjoint({danger.thread.pk, hurried.thread.pk})
    assert group.urgent >= 1
    lefts = answered(world, [*calm, danger, hurried, earlier])
    assert lefts == [None] * 4 + [Left.DANGER] * 3
    for one in (danger, hurried, earlier):
        assert replies(one) == []
        assert Thread.objects.get(pk=one.thread.pk).case_id is None


def test_whoever_wrote_again_was_answered_taken_or_is_not_ones_own_is_left(world: World) -> None:
    again, done, taken, open_ = wrote(world)
    seen = recipients([again, done, taken, open_])
    more = EntryBody(text="и ещё: мне 17", at=world.now)
    receive_more(thread=again.thread, signing=again.signing, body=more, dedupe_tag="e" * 32, now=world.now)
    Thread.objects.filter(pk=done.thread.pk).update(waiting=False, waiting_since=None)
    take(reader=world.anna.reader(), thread=taken.thread)
    gone = Recipient("0" * 32, 1)
    outcomes = answer_together(
        reader=world.boris.reader(), recipients=[*seen, gone], text="Да.", answers=(), token="f" * 32
    )
    lefts = [one.left for one in outcomes]
    assert lefts[:2] == [Left.WROTE_AGAIN, Left.ANSWERED]
    assert lefts[2] in {Left.TAKEN, Left.CLOSED, None}  # Boris may be the second holder
    assert lefts[3:] == [None, Left.CLOSED]
    stranger = answer_together(
        reader=world.anna.reader(), recipients=recipients([again]), text="Да.", answers=(), token="9" * 32
    )
    assert stranger[0].left is Left.DANGER


def test_an_answer_that_expired_meanwhile_stops_all(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    written = wrote(world)
    monkeypatch.setattr("tropa.desk.clock.facts_day", lambda _at=None: date(2027, 3, 1))
    with pytest.raises(AnswerRefused):
        answered(world, written, answers=(ANSWER,))
    page = signed_in(world.boris).post(
        f"/answers/all/alike/{written[0].thread.pk}/", form(Client(), written, used=[ANSWER])
    )
    assert page.status_code == 409
    assert "Вот что известно." in page.content.decode()
    assert [replies(one) for one in written] == [[]] * 4


def test_the_pages_show_first_lines_without_names_and_send(world: World) -> None:
    written = wrote(world)
    client = signed_in(world.boris)
    listed = client.get("/answers/all/alike/").content.decode()
    assert "/answers/all/alike/" in listed
    assert "метро" in listed
    address = f"/answers/all/alike/{written[0].thread.pk}/"
    page = client.get(address).content.decode()
    body = page.partition("who-h")[2].partition("what-h")[0]
    assert all(text in body for text in ASKED)
    assert not any(name in body for name in _names(written))
    put = client.post(address, {"text": "Сначала это.", "put": f"{ANSWER}:ru"}).content.decode()
    assert "На срочную службу призывают" in put
    unread = form(client, written)
    del unread["read"]
    assert client.post(address, unread).status_code == 400
    assert client.post(address, form(client, written, to=[])).status_code == 400
    sent = client.post(address, form(client, written))
    assert sent.status_code == 200
    assert [replies(one) for one in written] == [["Вот что известно."]] * 4


def _names(written: list[Written]) -> list[str]:
    from tropa.desk.talk.pseudonyms import name_of

    return [name_of(one.thread).text for one in written]


def test_what_is_asked_more_than_before_stands_on_today(world: World) -> None:
    client = signed_in(world.boris)
    world.write_in(METRO, at=world.now - timedelta(days=2))
    wrote(world)
    assert rising_now(world.boris.reader(world.now)) == ()
    wrote(world, [ASKED[1], ASKED[2]])
    (group,) = rising_now(world.boris.reader(world.now))
    assert group.today == 6
    page = client.get("/").content.decode()
    assert "rise-h" in page
    assert f"/answers/all/alike/{group.middle.id}/" in page
    assert "rise-h" not in signed_in(world.stranger).get("/").content.decode()


def test_what_rises_is_grouped_once_while_nobody_writes_and_opened_anew_each_time(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tropa.desk.library import alike

    grouped: list[int] = []
    real = alike.group
    monkeypatch.setattr(alike, "group", lambda asked: (grouped.append(1), real(asked))[1])
    written = wrote(world, [*ASKED, ASKED[1], DANGER])
    first = rising_now(world.boris.reader(world.now))
    assert rising_now(world.boris.reader(world.now)) == first
    assert len(grouped) == 1
    rising_now(world.vera.reader(world.now))
    assert len(grouped) == 2
    take(reader=world.vera.reader(world.now), thread=written[0].thread)
    after = rising_now(world.boris.reader(world.now))
    assert len(grouped) == 3
    assert written[0].thread.pk not in {row.id for one in after for row in one.rows}
    assert first
    kept = repr(alike._NAMED._kept)
    assert "метро" not in kept


def test_the_list_of_groups_is_grouped_once_and_opens_what_it_shows(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tropa.desk.library import alike

    grouped: list[int] = []
    real = alike.group
    monkeypatch.setattr(alike, "group", lambda asked: (grouped.append(1), real(asked))[1])
    written = wrote(world, [*ASKED, DANGER])
    first = alike_lines(world.boris.reader(), 5)
    assert alike_lines(world.boris.reader(), 5) == first
    assert len(grouped) == 1
    ((line,), count) = first
    assert (line.size, line.together, line.urgent, count) == (5, True, 1, 1)
    found = group_of(world.boris.reader(), line.middle.id)
    assert found is not None
    assert {row.id for row in found.rows} == {one.thread.pk for one in written[:4]}
    assert len(grouped) == 1
    take(reader=world.vera.reader(), thread=written[0].thread)
    ((line,), _count) = alike_lines(world.boris.reader(), 5)
    assert line.size == 4
    assert "метро" not in repr(alike._GROUPED._kept)


@pytest.mark.parametrize("to", ["", "x", "1:2:3", "0" * 32, "' OR 1=1"])
def test_bad_recipients_are_refused(world: World, to: str) -> None:
    written = wrote(world)
    posted = form(Client(), written, to=[to])
    answer = signed_in(world.boris).post(f"/answers/all/alike/{written[0].thread.pk}/", posted)
    assert answer.status_code == 400
    assert not Entry.objects.filter(kind=EntryKind.REPLY).exists()
