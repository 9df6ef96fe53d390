"""The queues beside the inbox and its filters are worded once for a list and a language, and never mixed up."""

from __future__ import annotations

from django.utils import translation

from tropa.desk.cases.models import Lane, Urgency
from tropa.desk.talk.inbox import InboxFilters, Queue
from tropa.desk.talk.inbox_lists import address_of, filter_choices, rail_of
from tropa.desk.talk.saved_views import View

LISTS = (
    InboxFilters(),
    InboxFilters(queue=Queue.MINE),
    InboxFilters(lane=Lane.LAW),
    InboxFilters(queue=Queue.UNTAKEN, lane=Lane.FAMILY, urgency=Urgency.NOW),
    InboxFilters(lane=Lane.LAW, language="en", channel="drop"),
)
OF_THE_RAIL = LISTS[:3]


def test_a_list_is_marked_where_one_is_and_nowhere_else() -> None:
    for _again in range(2):
        for filters in LISTS:
            here = [link.address for group in rail_of(filters) for link in group.queues if link.here]
            assert here == ([address_of(filters)] if filters in OF_THE_RAIL else [])
            chosen = {choice.name: choice.value for choice in filter_choices(filters)}
            assert chosen == {
                "queue": filters.queue.value,
                "lane": filters.lane.value if filters.lane else "",
                "urgency": filters.urgency.value if filters.urgency else "",
                "language": filters.language,
                "channel": filters.channel,
            }
            for choice in filter_choices(filters):
                assert choice.options.count(" selected") == 1
                assert f'value="{choice.value}" selected>' in choice.options


def test_each_language_has_words_of_its_own() -> None:
    said = {}
    for _again in range(2):
        for language in ("ru", "en"):
            with translation.override(language):
                said[language] = (
                    [group.title for group in rail_of(InboxFilters())],
                    [choice.label for choice in filter_choices(InboxFilters())],
                )
        assert said["en"] == (["Queues", "Lanes"], ["Queue", "Lane", "How urgent", "Language", "Channel"])
        for russian, english in zip(said["ru"], said["en"], strict=True):
            assert len(russian) == len(english)
            assert not set(russian) & set(english)


def test_views_of_one_person_are_not_kept_for_the_next() -> None:
    view = View("a" * 32, "mine <b>", InboxFilters(queue=Queue.MINE))
    with_view = rail_of(InboxFilters(queue=Queue.MINE), [view])
    assert [link.title for link in with_view[-1].queues] == ["mine <b>"]
    assert with_view[-1].queues[0].here
    assert len(rail_of(InboxFilters(queue=Queue.MINE))) == len(with_view) - 1
