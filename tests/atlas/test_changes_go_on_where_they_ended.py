"""Going on from an earlier result gives what working through all changes gives; the earlier one stays as it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.atlas.overlay_world import DAY, INCIDENT, base_atlas, change
from tropa.atlas import Atlas, Source, Text
from tropa.atlas.overlay import Act, Change, Overlaid, overlaid, seen

OWN = Source("own-0123456789ab", Text("Our call", "Наш звонок"), None, None)


@pytest.fixture
def base(tmp_path: Path) -> Atlas:
    return base_atlas(tmp_path / "base")


def story(base: Atlas) -> list[Change]:
    """Acts of every kind, some refused and some lapsed, one a minute."""
    against = seen(overlaid(base, []), Act.SET, "entry-open")
    acts = [
        change(Act.SET, "entry-open", {"effect": "prohibition"}, against=against),
        change(Act.STOP, "NO"),
        change(Act.SET, "nowhere", {"note": None}),
        replace(change(Act.REVIEWED, "train"), against="0" * 32),
        change(Act.ADDED, "INC-own", INCIDENT, kind="incident"),
        change(Act.PROPOSED, "train", {"euros": [1, 2, 3]}),
        change(Act.EASED, "NO", second="boris"),
        change(Act.WITHDRAWN, "entry-open", second="boris"),
        change(
            Act.REVIEWED, "back", source_id=OWN.id, against=seen(overlaid(base, []), Act.REVIEWED, "back")
        ),
    ]
    return [replace(one, id=f"c{n}", on=DAY + timedelta(minutes=n)) for n, one in enumerate(acts)]


def told(state: Overlaid) -> tuple[object, ...]:
    return (
        state.atlas.facts,
        state.atlas.history,
        state.atlas.doubts,
        state.changes,
        state.taken,
        state.conflicts,
        state.refused,
        state.lapsed,
    )


def splits(changes: list[Change]) -> Iterator[tuple[list[Change], list[Change]]]:
    for place in range(len(changes) + 1):
        yield changes[:place], changes[place:]


def test_every_part_of_a_story_can_be_gone_on_with(base: Atlas) -> None:
    changes = story(base)
    whole = overlaid(base, changes, sources=[OWN])
    assert {len(whole.refused), len(whole.lapsed)} != {0}
    for first, _rest in splits(changes):
        before = overlaid(base, first, sources=[OWN])
        kept = told(before)
        assert told(overlaid(base, changes, sources=[OWN], after=before)) == told(whole)
        assert told(before) == kept
        assert told(overlaid(base, first, sources=[OWN])) == kept


def test_what_was_refused_for_want_of_a_source_is_taken_once_it_is_there(base: Atlas) -> None:
    changes = story(base)
    before = overlaid(base, changes)
    assert changes[-1] in [one.change for one in before.refused]
    after = overlaid(base, changes, sources=[OWN], after=before)
    assert changes[-1] in after.taken


def test_a_change_that_comes_before_others_or_goes_is_worked_through_from_the_start(base: Atlas) -> None:
    changes = story(base)
    before = overlaid(base, changes[3:], sources=[OWN])
    assert told(overlaid(base, changes, sources=[OWN], after=before)) == told(
        overlaid(base, changes, sources=[OWN])
    )
    fewer = overlaid(base, changes[:2], sources=[OWN], after=overlaid(base, changes, sources=[OWN]))
    assert told(fewer) == told(overlaid(base, changes[:2], sources=[OWN]))


def test_another_pack_is_never_gone_on_with(base: Atlas, tmp_path: Path) -> None:
    other = base_atlas(tmp_path / "other")
    changes = story(base)
    before = overlaid(base, changes[:4], sources=[OWN])
    after = overlaid(other, changes, sources=[OWN], after=before)
    assert after.base is other
    assert told(after) == told(overlaid(other, changes, sources=[OWN]))
