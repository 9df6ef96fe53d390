"""Plays a drawn day through the real services: people write, volunteers take, answer and go home, some are called in.

Time is compressed: every service is given the moment of the drawn day. Nothing leaves the machine, and it plays in an
example or test installation alone (`NoExample`). What it counts it counts from what is stored at the end, not from what
it did: a person is lost who was neither answered nor stands in any queue, and answered twice who got two
answers with no word of theirs in between.
"""

from __future__ import annotations

import heapq
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tropa.desk.cases.models import Urgency
from tropa.desk.conf import conf
from tropa.desk.example.drawn_day import Arrival, DrawnDay
from tropa.desk.example.world import NoExample
from tropa.desk.staff.joining import Joined
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.arrivals import receive_first, receive_more
from tropa.desk.talk.body import EntryBody
from tropa.desk.talk.errors import AlreadyTaken, AnsweredMeanwhile
from tropa.desk.talk.inbox import InboxFilters, Queue, inbox_page
from tropa.desk.talk.models import Entry, EntryKind, Thread
from tropa.desk.talk.recognised import heard_in
from tropa.desk.talk.services import claim, reply, take
from tropa.desk.talk.surge import Load, load
from tropa.desk.vault.calling_in import call_in
from tropa.desk.vault.errors import NoGrant
from tropa.envelope import ApplicantKeys, Codename, Language, applicant_keys

LOOKS_AT = 5
IDLE_MINUTES = 5
MINUTES_IN_HOUR = 60
ANSWER = "Здравствуйте. Мы вас прочитали. Имён и номеров здесь не пишите. Что делать дальше, решим вместе."


@dataclass(frozen=True, slots=True)
class Played:
    """What became of everybody. `waits`: minutes from a first message to the first answer, of those who got one."""

    arrived: int
    answered: int
    told: int
    later_than_told: int
    waiting: int
    lost: int
    orphans: int
    answered_twice: int
    collisions: int
    called_in: int
    surge_minutes: int
    longest_queue: int
    waits: tuple[int, ...]
    danger_waits: tuple[int, ...]


def p95(waits: Sequence[int]) -> int:
    """The waiting time that 95 of 100 do not pass; 0 of nobody."""
    ordered = sorted(waits)
    return ordered[(len(ordered) * 95 + 99) // 100 - 1] if ordered else 0


@dataclass(slots=True)
class _Person:
    """Somebody who wrote."""

    arrival: Arrival
    keys: ApplicantKeys
    thread_id: str
    told: int
    answered: int | None = None


@dataclass(frozen=True, slots=True)
class _Choice:
    """A volunteer's, of a thread as it stood when they looked."""

    place: int
    thread: Thread


@dataclass(frozen=True, slots=True, order=True)
class _Event:
    """What happens in a minute; within one, in the order in which it was foreseen."""

    minute: int
    order: int
    act: Arrival | _Person | _Choice | int = field(compare=False)


def play_day(*, day: DrawnDay, coordinator: Joined, volunteers: Sequence[Joined], start: datetime) -> Played:
    """Play the day from `start` (midnight, aware, UTC) with one volunteer for each drawn shift. The coordinator
    calls in whom the day needs. Raises NoExample on an installation of real people.
    """
    if not (conf.example or conf.testing):
        raise NoExample("a day is played in an example world alone")
    if len(volunteers) != len(day.shifts):
        raise ValueError("one volunteer for each shift")
    return _Play(day, coordinator, volunteers, start).run()


class _Play:
    """The events of one day, in the order of their minutes."""

    def __init__(
        self, day: DrawnDay, coordinator: Joined, volunteers: Sequence[Joined], start: datetime
    ) -> None:
        self._day, self._coordinator, self._volunteers, self._start = day, coordinator, volunteers, start
        self._people: dict[str, _Person] = {}
        self._events: list[_Event] = []
        self._drawn = 0
        self._resting = [place for place, shift in enumerate(day.shifts) if shift.called]
        self._ends = [shift.last for shift in day.shifts]
        self._collisions = self._called = self._surge = self._longest = 0

    def run(self) -> Played:
        """The whole day, and what was stored at its end."""
        for arrival in self._day.arrivals:
            self._at(arrival.minute, arrival)
        for place, shift in enumerate(self._day.shifts):
            if not shift.called:
                self._at(shift.first, place)
        last = 0
        while self._events:
            event = heapq.heappop(self._events)
            last = max(last, event.minute)
            match event.act:
                case Arrival() as arrival:
                    self._writes(arrival, event.minute)
                case _Person() as person:
                    self._writes_again(person, event.minute)
                case _Choice() as choice:
                    self._answers(choice, event.minute)
                case int() as place:
                    self._looks(place, event.minute)
        return self._counted(last)

    def _at(self, minute: int, act: Arrival | _Person | _Choice | int) -> None:
        self._drawn += 1
        heapq.heappush(self._events, _Event(minute, self._drawn, act))

    def _moment(self, minute: int) -> datetime:
        return self._start + timedelta(minutes=minute)

    def _reader(self, who: Joined, minute: int) -> Reader:
        return Reader(member=who.member, seed=who.seed, now=self._moment(minute))

    def _writes(self, arrival: Arrival, minute: int) -> None:
        """Somebody writes for the first time, and is told how long it will take."""
        keys = applicant_keys(Codename.generate(secrets.token_bytes, Language.RUSSIAN))
        now = self._moment(minute)
        heard = heard_in(arrival.text, arrival.urgency)
        received = receive_first(
            public=keys.public,
            signing=keys.seed.signing(),
            look_up_tag=keys.look_up_tag,
            body=EntryBody(text=arrival.text, at=now, language=arrival.language, remarks=heard.remarks),
            dedupe_tag=secrets.token_hex(16),
            urgency=heard.urgency,
            now=now,
        )
        counted = load(now=now)
        person = _Person(arrival, keys, received.thread.pk, counted.told_hours)
        self._people[person.thread_id] = person
        self._watch(counted, minute)

    def _watch(self, counted: Load, minute: int) -> None:
        """The queue is looked at, and somebody called in while more wait than the shift can answer."""
        self._longest = max(self._longest, counted.waiting)
        if not counted.surge:
            return
        self._surge += 1
        if self._resting:
            place = self._resting.pop(0)
            shift = self._day.shifts[place]
            call_in(reader=self._reader(self._coordinator, minute), member=self._volunteers[place].member)
            self._called += 1
            self._ends[place] = minute + shift.last - shift.first
            self._at(minute + 30, place)

    def _writes_again(self, person: _Person, minute: int) -> None:
        now = self._moment(minute)
        receive_more(
            thread=Thread.objects.get(pk=person.thread_id),
            signing=person.keys.seed.signing(),
            body=EntryBody(text="Спасибо. А что делать дальше?", at=now, language=person.arrival.language),
            dedupe_tag=secrets.token_hex(16),
            now=now,
        )

    def _looks(self, place: int, minute: int) -> None:
        """A volunteer looks at the inbox and chooses whoever stands first and is nobody else's just now. Who looks in
        the same minute sees the same list.
        """
        if minute >= self._ends[place]:
            return
        reader = self._reader(self._volunteers[place], minute)
        rows = inbox_page(reader=reader, filters=InboxFilters(), size=LOOKS_AT)
        free = [row for row in rows if not row.claimed_by]
        if free:
            thread = Thread.objects.select_related("case", "duty_epoch").get(pk=free[0].id)
            self._at(minute, _Choice(place, thread))
        else:
            self._at(minute + IDLE_MINUTES, place)

    def _answers(self, choice: _Choice, minute: int) -> None:
        """Take the thread if need be and answer; whoever was too late looks again."""
        reader, thread = self._reader(self._volunteers[choice.place], minute), choice.thread
        seen = thread.last_sequence
        claim(reader=reader, thread=thread)
        try:
            if thread.case is None:
                take(reader=reader, thread=thread)
            reply(reader=reader, thread=thread, text=ANSWER, seen=seen)
        except (AlreadyTaken, AnsweredMeanwhile, NoGrant):
            self._collisions += 1
            self._at(minute + 1, choice.place)
            return
        self._at(minute + self._day.shifts[choice.place].per_answer, choice.place)
        person = self._people.get(thread.pk)  # None: they wrote on an earlier day
        if person is not None and person.answered is None:
            person.answered = minute
            if person.arrival.again is not None:
                self._at(minute + person.arrival.again, person)

    def _counted(self, last: int) -> Played:
        """From what is stored."""
        answered = set(Entry.objects.filter(kind=EntryKind.REPLY).values_list("thread_id", flat=True))
        mine = set(self._people)
        listed = self._listed(last)
        waiting = set(Thread.objects.filter(pk__in=mine, waiting=True).values_list("pk", flat=True))
        people = self._people.values()
        waits = [(p, (last if p.answered is None else p.answered) - p.arrival.minute) for p in people]
        done = [(p, wait) for p, wait in waits if p.answered is not None]
        return Played(
            arrived=len(self._day.arrivals),
            answered=len(mine & answered),
            told=sum(p.told > 0 for p in people),
            later_than_told=sum(wait > p.told * MINUTES_IN_HOUR for p, wait in waits),
            waiting=len(waiting),
            lost=len(self._day.arrivals) - len((mine & answered) | (waiting & listed)),
            orphans=orphans(),
            answered_twice=_answered_twice(mine),
            collisions=self._collisions,
            called_in=self._called,
            surge_minutes=self._surge,
            longest_queue=self._longest,
            waits=tuple(wait for _p, wait in done),
            danger_waits=tuple(wait for p, wait in done if p.arrival.urgency is Urgency.NOW),
        )

    def _listed(self, minute: int) -> set[str]:
        """Everybody who stands in the queue of somebody: of whoever is on duty, and of the holders of each case."""
        found: set[str] = set()
        for who in (self._coordinator, *self._volunteers):
            reader = self._reader(who, minute)
            for queue in (Queue.OPEN, Queue.SNOOZED):
                after = None
                while rows := inbox_page(
                    reader=reader, filters=InboxFilters(queue=queue), after=after, size=500
                ):
                    found |= {row.id for row in rows}
                    after = rows[-1].place
        return found


def _answered_twice(thread_ids: set[str]) -> int:
    """How many threads hold two answers in a row."""
    twice, before = set[str](), dict[str, str]()
    rows = Entry.objects.exclude(kind=EntryKind.NOTE).order_by("thread_id", "sequence")
    for thread_id, kind in rows.values_list("thread_id", "kind"):
        if thread_id in thread_ids and kind == EntryKind.REPLY and before.get(thread_id) == kind:
            twice.add(thread_id)
        before[thread_id] = kind
    return len(twice)


def orphans() -> int:
    """Threads that wait and are nobody's: of no case that is open, and under no duty epoch somebody holds."""
    waiting = Thread.objects.filter(waiting=True)
    held = waiting.filter(case__keys__grants__member__active=True)
    on_duty = waiting.filter(duty_epoch__grants__member__active=True)
    return waiting.exclude(pk__in=held.values("pk")).exclude(pk__in=on_duty.values("pk")).count()
