"""Every fault is named with file, line, what is wrong and what was expected; nothing of the pack is taken."""

from pathlib import Path

import pytest

from tests.atlas.small_pack import FILES, line_number, spoiled, write_pack
from tropa.atlas import PackError, Problem, load_pack


def problems_of(pack: Path) -> tuple[Problem, ...]:
    with pytest.raises(PackError) as refused:
        load_pack(pack)
    return refused.value.problems


def test_the_small_pack_itself_has_no_fault(tmp_path: Path) -> None:
    assert set(load_pack(write_pack(tmp_path)).facts) == {
        *("RU", "NO", "murmansk", "kirkenes", "fp10", "coach", "entry-closed", "day-in-norway")
    }


@pytest.mark.parametrize(
    ("stem", "line", "instead", "what", "expected"),
    [
        ("legs", "sources: [law]", "sources: []", "sources: the list has 0 members", "at least 1"),
        ("legs", "sources: [law]", "sources: [lore]", "coach: the source “lore” is nowhere", "sources.yaml"),
        ("legs", "as_of: 2026-11", "as_of: 2026-13", "as_of: “2026-13” is no date", "YYYY-MM"),
        ("legs", "as_of: 2026-11", "as_of: unknown", "as_of: “unknown” is no date", "YYYY-MM"),
        ("legs", "as_of: 2026-11", "as_of: 2026-11/2026-01", "is no date", "in order"),
        ("legs", "as_of: 2026-11", "as_of: 2027-01", "as of 2027-01 lies after", "at latest 2026-11-22"),
        ("legs", "review_by: 2026-12-06", "review_by: 2026-02-30", "“2026-02-30” is no day", "existing day"),
        ("legs", "review_by: 2026-12-06", "review_by: 20261206", "“20261206” is no day", "existing day"),
        ("legs", "review_by: 2026-12-06", "review_by: 2026-10-01", "lies before as_of", "after 2026-11"),
        ("legs", "to: kirkenes", "to: kirkeness", "to names “kirkeness”, which is nowhere", "place"),
        ("legs", "to: kirkenes", "to: fp10", "to names “fp10”, which is nowhere", "place"),
        ("legs", "to: kirkenes", "to: murmansk", "the leg ends where it begins", "another place"),
        ("legs", "papers: [[fp10]]", "papers: [[fp5]]", "papers names “fp5”, which is nowhere", "paper"),
        ("legs", "mode: road", "mode: raod", "mode: “raod” is unknown", "air, road, rail"),
        ("legs", "mode: road", "speed: 9", "the key “speed” is unknown", "mode"),
        ("legs", "hours: [4, 5, 9]", "hours: [9, 5, 4]", "the range 9, 5, 4 is impossible", "low <= point"),
        ("legs", "hours: [4, 5, 9]", "hours: [-4, 5, 9]", "the range -4, 5, 9 is impossible", "0 <= low"),
        ("legs", "hours: [4, 5, 9]", "hours: [4, 9]", "this is no range", "[low, point, high]"),
        ("legs", "hours: [4, 5, 9]", "hours: [4, nan, 9]", "“nan” is no number", "decimal"),
        ("legs", "hours: [4, 5, 9]", "hours: [4, 1e3, 9999]", "“1e3” is no number", "decimal"),
        (
            "legs",
            "crosses_border: true",
            "crosses_border: false",
            "crosses_border is false from RU to NO",
            "true",
        ),
        ("legs", "confidence: sourced", "confidence: certain", "“certain” is unknown", "background-high"),
        (
            "legs",
            "owner: borders",
            "owner: borders\n    effect: prohibition",
            "of kind leg is no prohibition",
            "permission",
        ),
        ("legs", "owner: borders", "owner: Anna B.", "“Anna B.” is no id", "letters and digits"),
        ("hazards", "[0.0001, 0.001, 0.01]", "[0.1, 0.5, 1]", "0.1, 0.5, 1 is impossible", "< 1"),
        ("hazards", "scope: NO", "scope: fp10", "scope names “fp10”, which is nowhere", "country"),
        ("hazards", "[no_summons, summoned]", "[summoned, summoned]", "repeats", "once"),
        ("places", "latitude: 68.97", "latitude: 91", "91.0 degrees", "-90 to 90"),
        ("places", "ru: Мурманск", "ru: Murmansk", "“Murmansk” is not in Russian", "Russian"),
        ("places", "en: Murmansk", "en: Мурманск", "“Мурманск” has Russian letters", "English"),
        ("countries", "iso2: NO", "iso2: SE", "NO: the id differs from iso2", "SE"),
        (
            "entry",
            "valid_from: 2026-11-01",
            "valid_until: 2027-01-01",
            "a prohibition has an end date",
            "lifts",
        ),
        ("sources", "https://example.org/law", "example.org", "“example.org” is no address", "http"),
        ("sources", "    dated: 2026-01\n", "", "the key “dated” is missing", "title"),
        ("pack", "format: 1", "format: 2", "format 2", "format 1"),
        ("pack", "review: unverified", "review: fine", "“fine” is unknown", "unverified"),
    ],
)
def test_one_fault_is_named(
    tmp_path: Path, stem: str, line: str, instead: str, what: str, expected: str
) -> None:
    found = problems_of(write_pack(tmp_path, **spoiled(stem, line, instead)))
    (problem,) = [one for one in found if what in str(one.what)]
    assert problem.file == f"{stem}.yaml"
    assert expected in str(problem.expected)
    if instead:
        assert problem.line == line_number(stem, line) + instead.count("\n")


def test_a_missing_key_is_named_at_the_record(tmp_path: Path) -> None:
    (problem,) = problems_of(write_pack(tmp_path, **spoiled("legs", "    sources: [law]\n", "")))
    assert str(problem) == (
        "legs.yaml:3: the key “sources” is missing; expected: the key “sources” in every such record"
    )


def test_an_id_given_twice_names_both_places(tmp_path: Path) -> None:
    found = problems_of(write_pack(tmp_path, **spoiled("papers", "id: fp10", "id: coach")))
    (problem,) = [one for one in found if "the id is taken" in str(one.what)]
    assert (problem.file, problem.line) == ("papers.yaml", 3)
    assert "legs.yaml:3" in str(problem.expected)


def test_two_hazards_in_force_at_once_are_refused_and_following_ones_are_not(tmp_path: Path) -> None:
    record = FILES["hazards.yaml"].partition("facts:\n")[2]
    second = record.replace("day-in-norway", "day-in-norway-later")
    (problem,) = {
        p.line: p for p in problems_of(write_pack(tmp_path, hazards=FILES["hazards.yaml"] + second))
    }.values()
    assert "“day-in-norway” states the same" in str(problem.what)
    ended = record.replace("confidence", "valid_until: 2026-10-31\n    confidence")
    begun = second.replace("confidence", "valid_from: 2026-11-01\n    confidence")
    assert load_pack(write_pack(tmp_path / "dated", hazards="kind: hazard\nfacts:\n" + ended + begun))


def test_all_faults_are_listed_at_once_in_the_order_of_files_and_lines(tmp_path: Path) -> None:
    pack = write_pack(
        tmp_path,
        **spoiled("legs", "mode: road", "mode: raod"),
        **spoiled("places", "latitude: 68.97", "latitude: 91"),
        **spoiled("papers", "valid_years: 10", "valid_years: ten"),
        **spoiled("entry", "sources: [law]", "sources: [lore]"),
    )
    found = [(problem.file, problem.line) for problem in problems_of(pack)]
    assert found == sorted(found)
    assert {file for file, _line in found} == {"legs.yaml", "places.yaml", "papers.yaml", "entry.yaml"}


def test_a_broken_record_makes_no_second_fault_where_it_is_named(tmp_path: Path) -> None:
    pack = write_pack(tmp_path, **spoiled("papers", "valid_years: 10", "valid_years: ten"))
    assert [problem.file for problem in problems_of(pack)] == ["papers.yaml"]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbfkind: leg\nfacts: []\n", "byte order mark"),
        (b"kind: leg\r\nfacts: []\r\n", "ends with CR"),
        ("kind: leg\nfacts: [\N{CYRILLIC SMALL LETTER ZHE}]\n".encode("cp1251"), "no UTF-8"),
        (b"kind: leg\nfacts: [\n", "this is not YAML"),
        (b"kind: leg\nkind: leg\nfacts: []\n", "given twice"),
        (b"kind: leg\nfacts: &a [*a]\n", "alias"),
        (b"kind: leg\nfacts: !!python/object/apply:os.getcwd []\n", "tag"),
        (b"kind: leg\n? [a]\n: b\n", "a key is a list"),
        (b"kind: leg\nfacts: [words]\n", "this is no record"),
        (b"kind: leg\nfacts: words\n", "no list"),
        (b"kind: lege\nfacts: []\n", "unknown"),
        (b"- kind: leg\n", "this is no mapping"),
        (b"[" * 100_000, "lists within lists"),
        (b"- " * 100_000, "lists within lists"),
        (b"kind: leg\nfacts: []\n---\nkind: leg\nfacts: []\n", "second document"),
    ],
)
def test_a_file_that_is_no_pack_file_is_named(tmp_path: Path, content: bytes, what: str) -> None:
    found = problems_of(write_pack(tmp_path, extra=content))
    assert what in str(found[0].what)
    assert found[0].file == "extra.yaml"


def test_a_file_of_many_megabytes_is_refused_by_its_size(tmp_path: Path) -> None:
    pack = write_pack(tmp_path, extra=b"# " + b"x" * (17 * 1024 * 1024))
    assert "bytes" in str(problems_of(pack)[0].what)


def test_a_folder_that_holds_no_pack_is_refused(tmp_path: Path) -> None:
    assert [(problem.file, problem.line) for problem in problems_of(tmp_path / "nowhere")] == [
        ("pack.yaml", 0),
        ("sources.yaml", 0),
    ]


def test_a_country_called_no_is_a_country(tmp_path: Path) -> None:
    assert load_pack(write_pack(tmp_path)).countries["NO"].value.name.en == "Norway"
