"""The pack for citizens of Russia: enough countries, lawful ways only, no names, nothing invented."""

import csv
import re
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import pytest

from tropa.atlas import (
    EXAMPLE_DAY,
    SHIPPED_PACK,
    Atlas,
    Confidence,
    Effect,
    Hazard,
    HazardSubject,
    Kind,
    Leg,
    Mode,
    PlaceKind,
    ProfileClass,
    Review,
    Status,
    load_pack,
)
from tropa.atlas.coverage import coverage

REVIEW_DAYS = {
    Kind.INCIDENT: 14,
    Kind.HAZARD: 14,
    Kind.ENTRY_RULE: 30,
    Kind.STAY_RULE: 30,
    Kind.EXIT_CHECK: 30,
    Kind.OBTAIN: 30,
    Kind.LEG: 30,
    Kind.PROVISION: 90,
    Kind.CLOCK: 90,
    Kind.PROTECTION: 90,
    Kind.COUNTRY: 180,
}
RUSSIAN_SIDE = re.compile(r"^LND-[A-Z]{2}-\d\d")


@pytest.fixture(scope="module")
def atlas() -> Atlas:
    return load_pack(SHIPPED_PACK, reviewed_as_of=EXAMPLE_DAY)


@pytest.fixture(scope="module")
def words() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(SHIPPED_PACK.iterdir()))


def country_of(atlas: Atlas, place: str) -> str:
    return atlas.places[place].value.country


def test_it_says_that_nobody_has_verified_it(atlas: Atlas) -> None:
    assert atlas.meta.review is Review.UNVERIFIED
    assert {fact.review for fact in atlas.facts.values()} == {Review.UNVERIFIED}


def test_forty_countries_can_be_reached_and_moscow_and_twenty_more_cities_left(atlas: Atlas) -> None:
    reached = {country_of(atlas, leg.value.target) for leg in atlas.legs if leg.value.crosses_border}
    assert len(reached - {"RU"}) >= 40
    starts = {place.id for place in atlas.places.values() if place.value.is_start}
    assert {country_of(atlas, place) for place in starts} == {"RU"}
    left = {leg.value.origin for leg in atlas.legs if leg.value.mode is Mode.DOMESTIC}
    assert len(starts & left - {"moscow"}) >= 20


def test_every_start_has_a_way_out_of_the_country(atlas: Atlas) -> None:
    onward: dict[str, set[str]] = defaultdict(set)
    for leg in atlas.legs:
        onward[leg.value.origin].add(leg.value.target)
    for place in atlas.places.values():
        if not place.value.is_start:
            continue
        seen, waiting = set(), [place.id]
        while waiting:
            here = waiting.pop()
            if here not in seen:
                seen.add(here)
                waiting.extend(onward[here])
        assert len({country_of(atlas, one) for one in seen}) > 15, place.id


def test_flights_from_russia_are_those_on_record(atlas: Atlas, shared: Path) -> None:
    with (shared / "facts" / "air_links.csv").open(encoding="utf-8") as file:
        recorded = {row["id"]: row["dest_iso2"] for row in csv.DictReader(file)}
    flights = [
        leg
        for leg in atlas.legs
        if leg.value.mode is Mode.AIR
        and leg.value.crosses_border
        and country_of(atlas, leg.value.origin) == "RU"
    ]
    assert flights
    for leg in flights:
        assert recorded[leg.id] == country_of(atlas, leg.value.target)
        assert leg.value.origin in ("svo", "vko")


def test_land_crossings_from_russia_are_open_ones_on_record(atlas: Atlas, shared: Path) -> None:
    with (shared / "facts" / "land_links.csv").open(encoding="utf-8") as file:
        recorded = {row["id"]: row for row in csv.DictReader(file)}
    crossings = [
        leg
        for leg in atlas.legs
        if leg.value.mode is not Mode.AIR
        and leg.value.crosses_border
        and country_of(atlas, leg.value.origin) == "RU"
    ]
    assert crossings
    for leg in crossings:
        found = RUSSIAN_SIDE.match(leg.id)
        assert found, leg.id
        assert recorded[found[0]]["status"] == "open"
        assert recorded[found[0]]["iso2"] == country_of(atlas, leg.value.target)
        assert leg.value.crossing


def test_domestic_legs_and_flights_between_other_countries_are_marked_as_background(atlas: Atlas) -> None:
    for leg in atlas.legs:
        if not leg.value.crosses_border or leg.id.startswith("air-"):
            assert leg.confidence in (Confidence.BACKGROUND_HIGH, Confidence.BACKGROUND_MED), leg.id


def test_no_way_leads_through_territory_outside_its_government(atlas: Atlas) -> None:
    assert not {"SUI"} & {place.id.upper() for place in atlas.places.values()}
    assert not [leg.id for leg in atlas.legs if leg.id.startswith(("LND-GE-02", "LND-UA", "LND-KP"))]


def test_places_of_crimea_are_in_ukraine(atlas: Atlas) -> None:
    crimea = [
        place.id
        for place in atlas.places.values()
        if 44.3 < place.value.latitude < 46.2 and 32.4 < place.value.longitude < 36.6
    ]
    assert [place for place in crimea if country_of(atlas, place) != "UA"] == []


def test_the_papers_a_person_may_hold_are_there(atlas: Atlas) -> None:
    assert {"internal", "fp5", "fp10", "milid", "humvisa-de", "humvisa-fr", "lp-fr", "insurance-ge"} <= set(
        atlas.papers
    )
    assert len(atlas.papers) >= 12


def test_the_exit_ban_is_checked_on_every_way_out_of_russia_and_belarus(atlas: Atlas) -> None:
    for country in ("RU", "BY"):
        checks = [check for check in atlas.exit_checks(country) if not check.value.modes]
        stopped = {status for check in checks for status in check.value.stops}
        assert stopped == set(Status)
        assert all(atlas.usable(check, EXAMPLE_DAY) for check in checks)


def test_armenia_takes_the_internal_passport_by_air_only(atlas: Atlas) -> None:
    rules = [rule for rule in atlas.entry_rules("AM") if rule.value.papers.met_by({"internal"})]
    assert [rule.value.modes for rule in rules] == [(Mode.AIR,)]


def test_entry_that_ended_is_closed_until_somebody_confirms_it(atlas: Atlas) -> None:
    for country in ("CN", "ME"):
        assert atlas.entry_rules(country)
        assert not any(atlas.usable(rule, EXAMPLE_DAY) for rule in atlas.entry_rules(country))


def test_the_german_humanitarian_visa_is_closed_and_the_french_is_uncertain(atlas: Atlas) -> None:
    by_paper = {fact.value.paper: fact for fact in atlas.obtains}
    assert by_paper["humvisa-de"].effect is Effect.PROHIBITION
    french = by_paper["humvisa-fr"]
    assert french.effect is Effect.PERMISSION
    assert french.value.refusal is not None
    assert french.value.refusal.high - french.value.refusal.low > 0.5


def test_every_hazard_is_a_judgement_with_a_wide_range_while_nobody_has_counted(atlas: Atlas) -> None:
    for fact in atlas.facts.values():
        if isinstance(fact.value, Hazard):
            assert fact.value.exposure is None
            assert fact.confidence is Confidence.JUDGEMENT
            low, high = fact.value.chance.low, fact.value.chance.high
            assert high >= 2 * low or high - low >= 0.25, fact.id


def test_no_class_is_rated_safer_than_the_one_before_it(atlas: Atlas) -> None:
    places = {fact.value.scope for fact in atlas.facts.values() if isinstance(fact.value, Hazard)}
    for subject in HazardSubject:
        for scope in places:
            ranges = [
                atlas.hazards(subject, scope, profile, EXAMPLE_DAY)[0].value.chance
                for profile in ProfileClass
                if atlas.hazards(subject, scope, profile, EXAMPLE_DAY)
            ]
            assert len(ranges) in (0, len(ProfileClass)), (subject, scope)
            for one, worse in pairwise(ranges):
                assert one.low <= worse.low
                assert one.point <= worse.point
                assert one.high <= worse.high


def test_every_border_that_can_be_crossed_has_its_hazards_and_its_cost_of_living(atlas: Atlas) -> None:
    closed = atlas.fact("gap-flight-countries").value.what.en
    for country in coverage(atlas, EXAMPLE_DAY).countries:
        if atlas.countries[country.country].value.name.en in closed:
            assert not atlas.entry_rules(country.country), country.country
            continue
        assert country.unknown_hazards == (), country.country
        if country.legs_in:
            assert not {Kind.LIVING, Kind.STAY_RULE, Kind.ENTRY_RULE} & set(country.missing), country.country


def test_every_end_state_has_a_residual_hazard_and_every_office_a_hazard(atlas: Atlas) -> None:
    for haven in atlas.protections:
        assert atlas.hazards(HazardSubject.RESIDUAL, haven.id, ProfileClass.ABSENT, EXAMPLE_DAY), haven.id
    for way in atlas.obtains:
        if way.effect is Effect.PERMISSION:
            assert atlas.hazards(HazardSubject.OFFICE, way.id, ProfileClass.ABSENT, EXAMPLE_DAY), way.id


def test_asking_for_asylum_in_kazakhstan_is_not_rated_safer_than_staying(atlas: Atlas) -> None:
    for profile in ProfileClass:
        asking = atlas.hazards(HazardSubject.RESIDUAL, "asylum-KZ", profile, EXAMPLE_DAY)[0].value.chance
        staying = atlas.hazards(HazardSubject.RESIDUAL, "stay-KZ", profile, EXAMPLE_DAY)[0].value.chance
        assert asking.point >= staying.point
        assert asking.high >= staying.high


def test_kazakhstan_was_rated_anew_when_it_turned(atlas: Atlas) -> None:
    before = atlas.hazards(
        HazardSubject.DAY_OF_STAY, "KZ", ProfileClass.ABSENT, EXAMPLE_DAY.replace(year=2025)
    )
    after = atlas.hazards(HazardSubject.DAY_OF_STAY, "KZ", ProfileClass.ABSENT, EXAMPLE_DAY)
    assert before[0].value.chance.point < after[0].value.chance.point
    assert set(after[0].value.incidents) >= {"INC-KZ-08", "INC-KZ-09"}


def test_hazards_rest_on_incidents_of_their_own_country(atlas: Atlas) -> None:
    for fact in atlas.facts.values():
        if isinstance(fact.value, Hazard) and fact.value.scope in atlas.countries:
            for incident in fact.value.incidents:
                assert incident.split("-")[1] == fact.value.scope


def test_reviews_are_due_as_often_as_each_kind_asks(atlas: Atlas) -> None:
    for fact in atlas.facts.values():
        longest = REVIEW_DAYS.get(fact.kind, 180)
        if isinstance(fact.value, Leg) and RUSSIAN_SIDE.match(fact.id):
            longest = 14
        assert 0 < (fact.review_by - EXAMPLE_DAY).days <= longest, fact.id


def test_posts_are_passed_and_not_lived_in(atlas: Atlas) -> None:
    for place in atlas.places.values():
        ways_out = [leg for leg in atlas.legs if leg.value.origin == place.id]
        if place.value.what is not PlaceKind.CITY:
            assert any(leg.value.crosses_border for leg in ways_out), place.id


def test_no_person_of_the_incidents_is_named(words: str, shared: Path) -> None:
    with (shared / "facts" / "incidents.csv").open(encoding="utf-8") as file:
        told = [row["summary"] for row in csv.DictReader(file)]
    names = {
        name for text in told for name in re.findall(r"\((\w+) case\)|deserter ([A-Z]\w+)|\((Yuri) ", text)
    }
    surnames = {part for found in names for part in found if part}
    assert len(surnames) > 10
    assert [name for name in surnames if re.search(name, words, re.IGNORECASE)] == []


def test_nothing_reads_like_a_named_case(words: str) -> None:
    assert not re.search(r"\b[A-Z][a-z]+ case\b|\bдело [А-Я][а-я]+(ова|ина|ого)\b", words)


def test_every_gap_that_is_known_is_written_down(atlas: Atlas) -> None:
    assert {gap.value.about for gap in atlas.gaps} >= {
        "AE",
        "CN",
        "ME",
        "FR",
        "KZ",
        "EE",
        "LV",
        "LT",
        "PL",
        "NO",
    }


def test_the_attribution_that_licences_ask_for_is_there() -> None:
    readme = (SHIPPED_PACK / "README.md").read_text(encoding="utf-8")
    assert "UNHCR Refugee Population Statistics Database" in readme
    assert "CC BY 4.0" in readme


def test_asylum_shares_are_those_of_the_published_decisions(atlas: Atlas, shared: Path) -> None:
    with (shared / "facts" / "asylum_outcomes.csv").open(encoding="utf-8") as file:
        rows = {(row["iso2"], row["year"]): row for row in csv.DictReader(file)}
    for haven in atlas.protections:
        outcomes = haven.value.outcomes
        if outcomes is None or not outcomes.period.en.startswith("2025,"):
            continue
        prefix = "fi_" if "first" in outcomes.period.en else ""
        row = rows[haven.value.country, "2025"]
        positive = int(row[prefix + "recognised"]) + int(row[prefix + "other_protection"])
        assert (outcomes.positive, outcomes.decided) == (positive, int(row[prefix + "decided_on_substance"]))
        assert outcomes.decided >= 20
        assert haven.value.share_positive is not None
        share = positive / outcomes.decided
        assert haven.value.share_positive.low - 0.002 <= share <= haven.value.share_positive.high + 0.002
