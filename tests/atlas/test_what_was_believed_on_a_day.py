"""Valid time and recorded time are apart: what was believed on a day is answered, and history only grows."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.atlas.small_pack import FILES, spoiled, write_pack
from tropa.atlas import PackError, UnknownFactError, load_pack
from tropa.atlas.history import as_believed_on, carried, log
from tropa.atlas.phrases import translator
from tropa.cli.main import main

FIRST, SECOND, THIRD = date(2026, 11, 22), date(2026, 12, 1), date(2026, 12, 20)


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LANGUAGE", "en")
    translator.cache_clear()
    yield
    translator.cache_clear()


def published(day: date) -> str:
    return FILES["pack.yaml"].replace(str(FIRST), str(day))


@pytest.fixture
def grown(tmp_path: Path) -> Path:
    """Three publications: the coach costs more from the second on; in the third the hazard is gone and the
    first price is back."""
    write_pack(tmp_path / "one")
    dearer = spoiled("legs", "euros: [20, 30, 60]", "euros: [40, 50, 60]")
    write_pack(tmp_path / "two", pack=published(SECOND), **dearer)
    empty = "kind: hazard\nfacts: []\n"
    write_pack(tmp_path / "three", pack=published(THIRD), hazards=empty)
    record(tmp_path / "one", tmp_path / "two", tmp_path / "second")
    record(tmp_path / "second", tmp_path / "three", tmp_path / "third")
    return tmp_path


def record(old: Path, new: Path, to: Path) -> None:
    assert main(["atlas", "record", str(old), str(new), "--to", str(to)]) == 0


def price(pack: Path, day: date) -> float:
    leg = as_believed_on(load_pack(pack), day).legs[0]
    return leg.value.euros.point


def test_each_day_has_the_price_believed_on_it(grown: Path) -> None:
    days = [FIRST, date(2026, 11, 30), SECOND, date(2026, 12, 19), THIRD, date(2027, 5, 1)]
    assert [price(grown / "third", day) for day in days] == [30, 30, 50, 50, 30, 30]


def test_a_fact_that_went_is_there_on_the_days_before(grown: Path) -> None:
    atlas = load_pack(grown / "third")
    assert "day-in-norway" not in atlas.facts
    assert "day-in-norway" in as_believed_on(atlas, date(2026, 12, 19)).facts
    assert "day-in-norway" not in as_believed_on(atlas, THIRD).facts


def test_before_the_first_publication_nothing_was_believed(grown: Path) -> None:
    assert not as_believed_on(load_pack(grown / "third"), date(2026, 11, 21)).facts


def test_what_was_believed_on_the_first_day_is_the_first_pack(grown: Path) -> None:
    then = as_believed_on(load_pack(grown / "third"), FIRST)
    assert then.facts.keys() == load_pack(grown / "one").facts.keys()
    assert then.facts["coach"].value == load_pack(grown / "one").facts["coach"].value


def test_the_log_says_what_changed_when_the_latest_first(
    grown: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["atlas", "log", "coach", "--pack", str(grown / "third")]) == 0
    assert capsys.readouterr().out.splitlines()[-6:] == [
        "2026-12-20  ~ coach  leg",
        "    euros: [40, 50, 60] → [20, 30, 60]",
        "2026-12-01  ~ coach  leg",
        "    euros: [20, 30, 60] → [40, 50, 60]",
        "2026-11-22  + coach  leg",
        "changes: 3",
    ]
    events = [
        (str(entry.day), entry.change.what) for entry in log(load_pack(grown / "third"), "day-in-norway")
    ]
    assert events == [("2026-12-20", "removed"), ("2026-11-22", "added")]


def test_the_log_of_a_fact_that_never_was_ends_with_one(tmp_path: Path) -> None:
    assert main(["atlas", "log", "bridge", "--pack", str(write_pack(tmp_path))]) == 1


def test_the_command_shows_a_fact_as_it_was_believed(grown: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["atlas", "show", "coach", "--pack", str(grown / "third"), "--json", "--on", "2026-12-02"]
    capsys.readouterr()
    assert main([*words, "--believed-on", "2026-12-02"]) == 0
    assert json.loads(capsys.readouterr().out)["euros"] == [40, 50, 60]
    assert main([*words, "--believed-on", "2026-01-01"]) == 1


def test_facts_that_say_the_same_keep_the_day_they_were_recorded(grown: Path) -> None:
    atlas = load_pack(grown / "third")
    assert atlas.facts["kirkenes"].recorded == FIRST
    assert atlas.facts["coach"].recorded == THIRD


def test_a_pack_without_history_has_the_version_it_always_had(tmp_path: Path) -> None:
    atlas = load_pack(write_pack(tmp_path))
    assert atlas.history == ()
    assert as_believed_on(atlas, FIRST).version == atlas.version
    with pytest.raises(UnknownFactError):
        as_believed_on(atlas, FIRST).fact("bridge")


def test_a_pack_that_is_not_later_or_rewrites_a_source_is_refused(tmp_path: Path) -> None:
    old = load_pack(write_pack(tmp_path / "old"))
    rewritten = spoiled("sources", "en: A law", "en: Another law")
    for name, changed, what in (
        ("same day", {}, "published 2026-11-22"),
        ("rewritten", {"pack": published(SECOND), **rewritten}, "the source “law” says something else"),
    ):
        with pytest.raises(PackError) as refused:
            carried(old, load_pack(write_pack(tmp_path / name, **changed)))
        assert what in str(refused.value)


EARLIER = FILES["legs.yaml"] + "    recorded: 2026-11-01\n    superseded: 2026-11-22\n"


@pytest.mark.parametrize(
    ("line", "instead", "what"),
    [
        ("    superseded: 2026-11-22\n", "", "the key “superseded” is missing"),
        ("    recorded: 2026-11-01\n", "", "the key “recorded” is missing"),
        ("superseded: 2026-11-22", "superseded: 2026-10-01", "recorded 2026-11-01, superseded 2026-10-01"),
        ("superseded: 2026-11-22", "superseded: 2026-12-01", "recorded 2026-11-01, superseded 2026-12-01"),
        ("sources: [law]", "sources: [lore]", "the source “lore” is nowhere"),
        ("mode: road", "mode: raod", "“raod” is unknown"),
    ],
)
def test_a_fault_in_the_history_refuses_the_pack(tmp_path: Path, line: str, instead: str, what: str) -> None:
    pack = write_pack(tmp_path)
    (pack / "history").mkdir()
    (pack / "history" / "leg.yaml").write_text(EARLIER)
    assert len(load_pack(pack).history) == 1
    (pack / "history" / "leg.yaml").write_text(EARLIER.replace(line, instead))
    with pytest.raises(PackError) as refused:
        load_pack(pack)
    named = [problem for problem in refused.value.problems if what in str(problem.what)]
    assert [problem.file for problem in named] == ["history/leg.yaml"]


def test_two_versions_on_one_day_refuse_the_pack(tmp_path: Path) -> None:
    record_of_leg = EARLIER.partition("facts:\n")[2]
    pack = write_pack(tmp_path)
    (pack / "history").mkdir()
    (pack / "history" / "leg.yaml").write_text(EARLIER + record_of_leg.replace("11-01", "11-10"))
    with pytest.raises(PackError) as refused:
        load_pack(pack)
    assert "stood at once with history/leg.yaml:3" in str(refused.value)


def test_a_day_of_record_after_publication_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackError) as refused:
        load_pack(
            write_pack(
                tmp_path, **spoiled("legs", "owner: borders", "owner: borders\n    recorded: 2026-11-23")
            )
        )
    assert "recorded 2026-11-23, after publication" in str(refused.value)
