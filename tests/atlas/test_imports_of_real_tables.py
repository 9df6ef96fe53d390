"""The importers read the real tables whole, and what they find there is what is known to stand there."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from tropa.atlas import SHIPPED_PACK, Atlas, Kind, load_pack
from tropa.atlas.importing import Import, ImportKind, VisaRule, read_import
from tropa.atlas.importing.territories import territories

Find = Callable[..., Path]


@pytest.fixture(scope="module")
def atlas() -> Atlas:
    return load_pack(SHIPPED_PACK)


def imported(kind: ImportKind, path: Path, atlas: Atlas) -> Import:
    return read_import(kind, path.read_bytes(), file=path.name, atlas=atlas)


def index(real_table: Find, atlas: Atlas) -> Import:
    path = real_table("passport_index_imorte", "passport-index-tidy-iso2.csv")
    return imported(ImportKind.PASSPORT_INDEX, path, atlas)


def test_every_row_of_the_passport_index_is_read(real_table: Find, atlas: Atlas) -> None:
    result = index(real_table, atlas)
    assert (result.layout, result.read, result.accepted, result.refused) == ("iso2", 39601, 39601, ())


def test_the_list_for_citizens_of_russia_is_the_tables_own(real_table: Find, atlas: Atlas) -> None:
    result = index(real_table, atlas)
    with real_table("passport_index_imorte", "passport-index-tidy-iso2.csv").open() as file:
        rows = {
            row["Destination"]: row["Requirement"] for row in csv.DictReader(file) if row["Passport"] == "RU"
        }
    assert {code: words for code, _rule, _days, words in result.listed} == rows
    assert len(rows) == 199
    by_code = {code: (rule, days) for code, rule, days, _words in result.listed}
    assert by_code["RU"] == (VisaRule.OWN_COUNTRY, None)
    assert by_code["NA"][0] in VisaRule  # Namibia's code is no missing value
    assert all((days is not None) <= (rule is VisaRule.VISA_FREE) for rule, days in by_code.values())


def test_the_pack_and_the_index_differ_where_the_page_on_facts_says(real_table: Find, atlas: Atlas) -> None:
    conflicts = {(one.fact, one.ours, one.theirs) for one in index(real_table, atlas).conflicts}
    assert conflicts == {("stay-rule-GE", 365, 360)}


@pytest.mark.parametrize("layout", ["iso3", "names"])
def test_the_same_table_in_another_spelling_gives_the_same_rules(
    real_table: Find, atlas: Atlas, layout: str
) -> None:
    spelled = {one.code2: one.code3 if layout == "iso3" else f'"{one.english}"' for one in territories()}
    path = real_table("passport_index_imorte", "passport-index-tidy-iso2.csv")
    header, *rows = path.read_text().splitlines()
    cells = [row.split(",") for row in rows]
    content = "\n".join([header, *(f"{spelled[a]},{spelled[b]},{words}" for a, b, words in cells)])
    result = read_import(ImportKind.PASSPORT_INDEX, content.encode(), file="table.csv", atlas=atlas)
    assert result.layout == layout
    assert result.refused == ()
    assert result.rows == index(real_table, atlas).rows


def test_decisions_of_first_instance_agree_with_the_shipped_pack(real_table: Find, atlas: Atlas) -> None:
    result = imported(
        ImportKind.UNHCR_DECISIONS, real_table("unhcr_refugees", "asylum_decisions_RUS.csv"), atlas
    )
    assert (result.layout, result.read, result.accepted) == ("package", 1744, 1739)
    assert {one.field for one in result.refused} == {"dec_total"}
    assert result.conflicts == ()
    assert result.agreeing == 21
    assert result.rows["RU>DE 2025"].startswith("first instance: 435 of 6749")


def test_a_proposed_share_has_its_interval_and_lacks_what_no_row_gives(
    real_table: Find, atlas: Atlas
) -> None:
    result = imported(
        ImportKind.UNHCR_DECISIONS, real_table("unhcr_refugees", "asylum_decisions_RUS.csv"), atlas
    )
    assert result.proposals
    for one in result.proposals:
        low, point, high = one.record["share_positive"]
        assert 0 <= low <= point <= high < 1
        assert one.record["outcomes"]["decided"] >= 20
        assert one.kind is Kind.PROTECTION
        assert ("days" in one.lacks) == (one.id not in atlas.facts)


def test_every_origin_is_read_and_codes_that_are_no_country_are_named(real_table: Find, atlas: Atlas) -> None:
    result = imported(
        ImportKind.UNHCR_DECISIONS, real_table("unhcr_refugees", "asylum_decisions_all_2022_2025.csv"), atlas
    )
    assert result.read == 22021
    assert {"XXA", "UNK"} <= {one.found for one in result.refused if one.field == "coo_iso"}


def test_new_applications_are_told_from_appeals_and_repeats(real_table: Find, atlas: Atlas) -> None:
    result = imported(
        ImportKind.UNHCR_APPLICATIONS, real_table("unhcr_refugees", "asylum_applications_RUS.csv"), atlas
    )
    assert (result.read, result.refused) == (1847, ())
    told = [words.split() for key, words in result.rows.items() if key.endswith(" 2025")]
    assert sum(int(words[1].rstrip(",")) for words in told) == 17_640
    assert sum(int(words[-1]) for words in told) == 31_748


@pytest.mark.parametrize("name", ["countries_slim.json", "countries_slim.csv"])
def test_every_country_is_read_with_its_borders(real_table: Find, atlas: Atlas, name: str) -> None:
    result = imported(ImportKind.COUNTRIES, real_table("countries_mledoze", name), atlas)
    assert (result.read, result.refused) == (250, ())
    assert result.rows["RU"].endswith("AZE BLR CHN EST FIN GEO KAZ LTU LVA MNG NOR POL PRK UKR")
    assert any("LK-IN" in str(note) for note in result.notes)
    assert {one.key for one in result.conflicts} <= {"name"}  # every land leg lies on a border
    assert len(result.proposals) == 250 - len(atlas.countries)


def test_airports_are_read_and_none_moves_a_place_of_the_pack(real_table: Find, atlas: Atlas) -> None:
    result = imported(ImportKind.AIRPORTS, real_table("openflights", "airports.dat"), atlas)
    assert (result.layout, result.read) == ("openflights", 7698)
    assert result.accepted > 7_680
    assert result.conflicts == ()
    assert result.agreeing == len([one for one in atlas.places.values() if one.value.what == "airport"])
    assert all(one.lacks == ("name.ru",) for one in result.proposals)


@pytest.mark.parametrize(
    ("name", "rows"), [("5-2", 145), ("5-5", 146), ("5-3", 89), ("4-4", 175), ("4-9", 166)]
)
def test_every_party_to_a_treaty_is_known_by_name(
    real_table: Find, atlas: Atlas, name: str, rows: int
) -> None:
    result = imported(ImportKind.TREATIES, real_table("un_treaties", f"{name}.csv"), atlas)
    assert (result.read, result.refused) == (rows, ())
    assert result.conflicts == ()
