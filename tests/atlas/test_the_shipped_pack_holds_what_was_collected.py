"""Every line of the collected facts stands in the shipped pack, or a gap says that it does not."""

import csv
import re
from datetime import date

import pytest

from tropa.atlas import SHIPPED_PACK, Kind, load_pack

LEFT_OUT = {
    "clocks": {"CLK-MIL-10"},
    "document_refusals": {"REF-ES"},
    "land_links": {"LND-UA-01", "LND-KP-01"},
}
"""What gaps in the pack speak of: an observation, an unconfirmed announcement, posts that are no way out."""


@pytest.fixture(scope="module")
def pack():
    return load_pack(SHIPPED_PACK)


def rows(shared, name):
    with (shared / "facts" / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", ["law", "clocks", "incidents", "document_refusals", "asylum_outcomes"])
def test_every_line_is_a_fact_of_the_same_id(pack, shared, name):
    ids = {row["id"] for row in rows(shared, name)}
    assert ids - set(pack.facts) == LEFT_OUT.get(name, set())


def test_every_land_crossing_stands_with_its_status(pack, shared):
    listed = {row["id"]: row for row in rows(shared, "land_links")}
    stand = {fact.id.removeprefix("post-"): fact.value for fact in pack.crossings}
    assert set(listed) - set(stand) == LEFT_OUT["land_links"]
    for crossing, value in stand.items():
        assert (value.country, value.status) == (listed[crossing]["iso2"], listed[crossing]["status"])


def test_asylum_outcomes_stand_as_published_for_each_year(pack, shared):
    columns = {
        "applied": "applications_new",
        "recognised": "recognised",
        "other": "other_protection",
        "rejected": "rejected",
        "closed": "closed_without_decision",
        "first_recognised": "fi_recognised",
        "first_other": "fi_other_protection",
        "first_rejected": "fi_rejected",
    }
    years = set()
    for row in rows(shared, "asylum_outcomes"):
        value = pack.fact(row["id"]).value
        years.add(value.year)
        assert (value.country, str(value.year)) == (row["iso2"], row["year"])
        for key, column in columns.items():
            said = getattr(value, key)
            assert ("" if said is None else str(said)) == row[column], (row["id"], key)
    assert years == {2022, 2023, 2024, 2025}


def test_every_destination_is_a_country_with_a_rule_of_entry_or_a_gap(pack, shared):
    told = {fact.value.about for fact in pack.gaps}
    for row in rows(shared, "destinations"):
        assert row["iso2"] in pack.countries
        assert pack.entry_rules(row["iso2"]) or row["iso2"] in told, row["iso2"]


def test_every_recorded_flight_from_both_moscow_airports_stands_as_the_file_has_it(pack, shared):
    listed = rows(shared, "air_links")
    assert len(listed) == 104
    assert {row["origin_iata"] for row in listed} == {"SVO", "VKO"}
    for row in listed:
        if "breaks Georgian law" in row["note"]:
            continue
        fact = pack.fact(row["id"])
        assert fact.value.origin == row["origin_iata"].lower()
        assert pack.places[fact.value.target].value.country == row["dest_iso2"], row["id"]
        assert fact.as_of.text == f"{row['snapshot_from']}/{row['snapshot_to']}"
        assert (fact.confidence, fact.sources[0].id) == (row["confidence"], "air-snapshot")
        assert "paused" in fact.note.en
        assert ("disrupted in March 2026" in fact.note.en) == ("disrupted in March 2026" in row["note"])


def test_flights_to_countries_without_regular_flights_in_march_2026_count_as_ended(pack, shared):
    ended = {row["iso2"] for row in rows(shared, "air_countries") if row["direct_2026_03_04"] == "no"}
    ended -= {"HK"}  # counted under China by that list, as the row says
    flights = [pack.facts[row["id"]] for row in rows(shared, "air_links") if row["id"] in pack.facts]
    for flight in flights:
        gone = pack.places[flight.value.target].value.country in ended
        assert (flight.valid_until == date(2026, 3, 3)) == gone, flight.id
    assert sum(flight.valid_until is not None for flight in flights) == 15


def test_a_country_known_only_for_its_flights_has_no_rule_of_entry_and_a_gap_says_so(pack, shared):
    flown_to = {row["dest_iso2"] for row in rows(shared, "air_links")}
    only = flown_to - {row["iso2"] for row in rows(shared, "destinations")}
    assert {"IN", "MV", "SA", "KP"} <= only
    told = pack.fact("gap-flight-countries").value.what
    for code in only:
        name = pack.countries[code].value.name
        assert not pack.entry_rules(code)
        assert (name.en in told.en, name.ru in told.ru) == (True, True), code


def test_flights_that_break_georgian_law_are_no_way_and_a_gap_says_so(pack, shared):
    listed = {row["id"]: row for row in rows(shared, "air_links")}
    gone = set(listed) - set(pack.facts)
    assert gone == {name for name, row in listed.items() if "breaks Georgian law" in row["note"]} != set()
    what = pack.fact("gap-flights-left-out").value.what
    assert (f"{len(gone)} of {len(listed)}" in what.en, f"{len(gone)} из {len(listed)}" in what.ru) == (
        True,
        True,
    )


def test_at_least_as_many_papers_stand_as_were_collected(pack, shared):
    assert len(pack.papers) >= len(rows(shared, "documents")) >= 12


def test_terms_are_those_of_the_articles(pack, shared):
    for row in rows(shared, "law"):
        value = pack.fact(row["id"]).value
        for key in ("term_min_years", "term_max_years"):
            said = getattr(value, key)
            if row[key] == "life":
                words = f"{value.what.en} {pack.fact(row['id']).note}"
                assert said is None
                assert "life" in words, row["id"]
                continue
            told = None if row[key] in ("", "unknown") else float(row[key])
            assert said == told, (row["id"], key)
        numbers = re.findall(r"\d+(?:\.\d+)?", row["article"])
        assert all(number in value.article.ru for number in numbers), row["id"]


def test_which_lists_an_exit_or_entry_check_looks_into_is_told(pack):
    assert set(pack.fact("exit-RU").value.lists) >= {"exit_bans", "summonses", "federal"}
    assert {fact.value.country for fact in pack.entry_checks} == {"AM", "BY", "KG", "KZ", "TJ", "UZ"}


def test_every_way_to_asylum_says_who_is_shut_out(pack):
    asylum = [fact.value for fact in pack.protections if fact.value.what == "asylum"]
    assert asylum
    assert all(value.exclusion for value in asylum)


def test_kinds_nobody_collected_for_are_named_as_gaps(pack):
    kinds = {fact.kind for fact in pack.facts.values()}
    missing = {kind for kind in Kind if kind not in kinds and kind is not Kind.STOP}
    assert missing <= {fact.value.missing for fact in pack.gaps}


def test_counts_and_remarks_on_settling_that_are_not_recorded_are_named_line_by_line(pack, shared):
    lines = {row["id"] for row in rows(shared, "counts")}
    lines |= set(re.findall(r"SET-\d+", (shared / "facts" / "settling.md").read_text(encoding="utf-8")))
    assert len(lines) > 70
    for language in ("en", "ru"):
        told = " ".join(getattr(fact.value.what, language) for fact in pack.gaps)
        assert lines - set(pack.facts) == set(re.findall(r"(?:CNT|SET)-[A-Z0-9-]*\d", told))
