"""Every line of the collected facts stands in the shipped pack, or a gap says that it does not."""

import csv
import re
from datetime import date

import pytest

from tropa.atlas import SHIPPED_PACK, Kind, load_pack
from tropa.atlas.importing import ImportKind, read_import

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


def test_every_published_count_is_a_figure_as_the_file_has_it_and_a_missing_one_a_gap(pack, shared):
    units = {"requests/day": "requests_a_day", "requests/month": "requests_a_month"}
    listed = rows(shared, "counts")
    assert len(listed) > 60
    for row in listed:
        fact = pack.fact(row["id"])
        if row["value"] == "unknown":
            assert (fact.kind, fact.value.missing) == (Kind.GAP, Kind.FIGURE)
            continue
        value = fact.value
        unit = units.get(row["unit"], row["unit"])
        assert (str(value.counted), value.what, value.unit) == (row["value"], row["kind"], unit), row["id"]
        assert (value.begins.text if value.begins else "unknown") == row["period_start"], row["id"]
        assert row["as_of"] in ("unknown", fact.as_of.text), row["id"]
        assert fact.confidence == row["confidence"]
        assert bool(fact.note) == bool(row["note"]), row["id"]


def test_every_remark_on_settling_stands_under_its_own_id_with_its_certainty(pack, shared):
    text = (shared / "facts" / "settling.md").read_text(encoding="utf-8")
    remarks = re.findall(r"^\* \*\*(SET-\d+)\*\* (.*)$", text, re.MULTILINE)
    assert len(remarks) > 14
    for name, words in remarks:
        fact = pack.fact(name)
        assert fact.kind is (Kind.GAP if "unknown." in words[-12:] else Kind.SETTLING), name
        if "[sourced" in words:
            assert fact.confidence == "sourced"
            assert not {"background", "judgement"} & {source.id for source in fact.sources}
        else:
            assert fact.confidence != "sourced", name


def test_no_id_of_a_collected_line_is_left_in_what_people_read(pack):
    for fact in pack.facts.values():
        if fact.kind is Kind.GAP:
            assert not re.search(r"(?:CNT|SET|WK|DOC|CLK)-[A-Z0-9]", fact.value.what.en + fact.value.what.ru)


def test_every_treaty_of_the_copied_lists_is_a_fact_for_each_country_of_the_pack(pack, real_table):
    for file in ("5-2", "5-5", "5-3", "4-4", "4-9"):
        content = real_table("un_treaties", f"{file}.csv").read_bytes()
        found = read_import(ImportKind.TREATIES, content, file=f"{file}.csv", atlas=pack)
        assert found.conflicts == ()
        assert all(set(one.lacks) == {f"country {one.record['country']}"} for one in found.proposals)
        assert found.agreeing > 20


def test_what_is_known_of_handing_over_rests_on_the_cases_on_record(pack):
    assert len(pack.extraditions) >= 40
    for code, fact in pack.extraditions.items():
        asked = {"extradited", "extradition_refused"}
        cases = {one.id: one.value.what for one in pack.incidents if one.value.country == code}
        known = {name for name, what in cases.items() if what in asked}
        assert set(fact.value.incidents) == known
        words = {cases[name] for name in known}
        told = {(): "no_case_known", ("extradited",): "handed_over", ("extradition_refused",): "refused"}
        assert fact.value.practice == told.get(tuple(sorted(words)), "both")
    untold = set(pack.countries) - set(pack.extraditions) - {"RU"}
    gap = pack.fact("gap-extradition").value.what
    assert all(pack.countries[code].value.name.en in gap.en for code in untold)


TOLD_BY = {
    "LR-10": ["CLK-REG-0", "CLK-REG-7", "CLK-REG-20", "CLK-REG-30"],
    "LR-15": ["exit-limits-114"],
    "LR-16": ["CLK-PASS-5"],
    "LR-18": ["post-LND-BY-01", "exit-BY"],
    "LR-19": ["LAW-322-1"],
    "LR-30": ["LAW-337-5", "LAW-332-2.1"],
    "LR-31": ["CLK-AWOL-2", "CLK-AWOL-10", "CLK-AWOL-30"],
    "LR-33": ["LAW-MOBGAP"],
    "LR-41": ["CLK-ACS-180", "CLK-ACS-30"],
    "LR-54": ["asylum-DE", "ABR-1"],
    "LR-56": ["INC-DE-02", "INC-FR-01", "INC-FI-02", "INC-NO-01"],
    "DST-MILEX": ["extradition-of-military-offences"],
}
"""Remarks in words that only point to facts with ids of their own."""


@pytest.mark.parametrize(("page", "mark"), [("law.md", "LR"), ("destinations.md", "DST")])
def test_every_remark_on_law_and_destinations_is_a_fact_or_is_told_by_one(pack, shared, page, mark):
    text = (shared / "facts" / page).read_text(encoding="utf-8")
    remarks = set(re.findall(rf"^\* (?:\*\*)?({mark}-[A-Z0-9-]+)|\(({mark}-[A-Z]+)\)", text, re.MULTILINE))
    names = {first or second for first, second in remarks}
    assert len(names) > (36 if mark == "LR" else 4)
    for name in names:
        for told in TOLD_BY.get(name, [name]):
            assert told in pack.facts, (name, told)


def test_penalties_and_conditions_of_articles_stand_in_their_notes(pack, shared):
    for row in rows(shared, "law"):
        fact = pack.fact(row["id"])
        said = f"{fact.value.what.en} {fact.note.en if fact.note else ''}"
        for amount in re.findall(r"\d+(?:,\d+)?", row["other_penalty"].replace("1 year", "")):
            word = {"2": "two", "6": "six"}.get(amount, amount)
            assert re.search(rf"\b({amount}|{word})\b", said), (row["id"], amount)
        assert bool(row["other_penalty"]) <= bool(fact.note), row["id"]
        if "mobilisation or martial law" in row["condition"]:
            assert "mobilisation" in said, row["id"]
        elif "martial law" in row["condition"]:
            assert "martial law" in said, row["id"]
        for unsure in re.findall(r"background", row["condition"] + row["other_penalty"]):
            assert unsure in said, row["id"]


def test_what_was_remarked_on_a_border_post_is_its_note(pack, shared):
    for row in rows(shared, "land_links"):
        fact = pack.facts.get(f"post-{row['id']}")
        if fact is None:
            continue
        assert bool(fact.note) == bool(row["note"]), row["id"]
        for number in re.findall(r"\d{4}(?:-\d\d-\d\d)?", row["note"]):
            assert number in fact.note.en, (row["id"], number)


def test_a_country_without_asylum_of_its_own_says_so(pack, shared):
    for row in rows(shared, "destinations"):
        remark, note = row["asylum_note"], pack.countries[row["iso2"]].note
        for words, told in (
            ("No asylum", "No asylum"),
            ("UNHCR mandate", "UNHCR"),
            ("UNHCR decides", "UNHCR"),
        ):
            if words in remark and row["iso2"] != "UZ":
                assert note is not None, row["iso2"]
                assert told in note.en, row["iso2"]


def test_what_a_note_says_was_found_for_extensions_is_no_gap(pack):
    known = {
        fact.value.country
        for fact in pack.facts.values()
        if fact.kind is Kind.STAY_RULE and fact.value.extendable == "yes"
    }
    assert known == {"AR", "ID"}
    gap = pack.fact("gap-extensions").value.what
    assert all(pack.countries[code].value.name.en in gap.en for code in known)
