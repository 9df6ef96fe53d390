"""Each kind of bad input that was thought of: named with file, line, what was found and expected; nothing is taken."""

import io
import zipfile
from pathlib import Path

import pytest

from tests.atlas.small_pack import FILES, line_number, spoiled, write_pack
from tropa.atlas import Atlas, PackError, load_pack
from tropa.atlas.document import LIMIT
from tropa.atlas.importing import ImportKind, ImportRefused, read_import
from tropa.cli.main import main

END = """
    sources: [law]
    as_of: 2026-11
    review_by: 2026-12-06
    owner: papers
    confidence: sourced
"""


def faults(folder: Path) -> list[tuple[str, int, str]]:
    with pytest.raises(PackError) as refused:
        load_pack(folder)
    for problem in refused.value.problems:
        assert str(problem.expected)
    return [(problem.file, problem.line, str(problem.what)) for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("stem", "line", "instead", "said"),
    [
        ("sources", "    dated: 2026-01\n", "", "the key “dated” is missing"),
        ("hazards", "scope: NO", "scope: ZZ", "names “ZZ”, which is nowhere"),
        ("legs", "hours: [4, 5, 9]", "hours: [-4, 5, 9]", "the range -4, 5, 9 is impossible"),
        ("legs", "hours: [4, 5, 9]", "hours: [9, 5, 4]", "the range 9, 5, 4 is impossible"),
        ("legs", "as_of: 2026-11", "as_of: 2026-11/2026-10", "“2026-11/2026-10” is no date"),
        ("entry", "valid_from: 2026-11-01", "valid_from: 2026-02-30", "“2026-02-30” is no day"),
        ("legs", "to: kirkenes", "to: oslo", "names “oslo”, which is nowhere"),
        ("places", "  - id: kirkenes", "  - id: murmansk", "the id is taken"),
    ],
)
def test_one_bad_line_is_named_with_file_and_line(tmp_path, stem, line, instead, said):
    found = faults(write_pack(tmp_path, **spoiled(stem, line, instead)))
    assert [one for one in found if said in one[2] and one[0] == f"{stem}.yaml" and one[1] > 0], found


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (FILES["legs.yaml"].encode("utf-16"), "a byte is no UTF-8"),
        (FILES["places.yaml"].encode("cp1251"), "a byte is no UTF-8"),
        (b"\xef\xbb\xbf" + FILES["legs.yaml"].encode(), "the file begins with a byte order mark"),
        (FILES["legs.yaml"].replace("\n", "\r\n").encode(), "a line ends with CR"),
    ],
)
def test_another_encoding_a_mark_and_other_line_ends_are_named(tmp_path, content, said):
    found = faults(write_pack(tmp_path, extra=content))
    assert said in [what for file, _line, what in found if file == "extra.yaml"]


def obtain(name: str, paper: str, requires: str) -> str:
    return (
        f"  - id: {name}\n    paper: {paper}\n    countries: [RU]\n    office: home_state\n    requires: {requires}\n"
        f"    needs_no_exit_ban: false\n    days: [1, 2, 3]\n    euros: [1, 2, 3]{END}"
    )


def paper(name: str) -> str:
    return f"  - id: {name}\n    name: {{en: Paper, ru: бумага}}\n    travel_document: false{END}"


def test_papers_that_ask_in_a_circle_for_themselves_are_refused(tmp_path):
    papers = FILES["papers.yaml"] + paper("visa") + paper("invitation")
    ring = (
        "kind: obtain\nfacts:\n"
        + obtain("a", "visa", "[[invitation]]")
        + obtain("b", "invitation", "[[visa, fp10]]")
    )
    found = faults(write_pack(tmp_path / "ring", papers=papers, extra=ring))
    assert [(file, line) for file, line, _ in found] == [("extra.yaml", 7), ("extra.yaml", 20)]
    assert all("asks in a circle for itself" in what for _, _, what in found)
    renewed = (
        ring
        + obtain("c", "invitation", "[[fp10]]")
        + obtain("d", "fp10", "[[fp10]]")
        + obtain("e", "fp10", "[[]]")
    )
    assert load_pack(write_pack(tmp_path / "open", papers=papers, extra=renewed))


def test_a_refusal_names_a_country_that_exists(tmp_path):
    text = f"kind: paper_refusal\nfacts:\n  - id: r\n    country: XX\n    paper: fp10{END}"
    assert faults(write_pack(tmp_path / "no", extra=text)) == [("extra.yaml", 4, "r: “XX” is no country")]
    assert load_pack(write_pack(tmp_path / "yes", extra=text.replace("XX", "IS")))


def test_a_file_of_200_megabytes_is_refused_without_being_read(tmp_path):
    folder = write_pack(tmp_path)
    with (folder / "huge.yaml").open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    assert faults(folder) == [("huge.yaml", 0, f"the file has more than {LIMIT} bytes")]


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("legs.yaml", b"0" * 20_000_000)
    return packed.getvalue()


def test_a_zip_bomb_is_never_unpacked(tmp_path):
    assert faults(write_pack(tmp_path / "in", extra=bomb()))[0][0] == "extra.yaml"
    (tmp_path / "pack.zip").write_bytes(bomb())
    assert main(["atlas", "check", str(tmp_path / "pack.zip")]) == 1
    small = load_pack(write_pack(tmp_path / "small"))
    with pytest.raises(ImportRefused):
        read_import(ImportKind.PASSPORT_INDEX, bomb(), file="index.csv", atlas=small, citizenship="RU")


def test_a_pack_that_is_refused_leaves_the_one_in_force_as_it_was(tmp_path):
    good = load_pack(write_pack(tmp_path / "good"))
    before = (good.version, dict(good.facts))
    faults(write_pack(tmp_path / "bad", **spoiled("legs", "    to: kirkenes\n", "")))
    assert (good.version, dict(good.facts)) == before
    assert isinstance(good, Atlas)
    assert line_number("legs", "to: kirkenes") > 0


def of_a_country(code: str) -> dict[str, str]:
    countries = FILES["countries.yaml"]
    one = countries[countries.index("  - id: NO") :]
    return {"more": "kind: country\nfacts:\n" + one.replace("NO", code)}


@pytest.mark.parametrize("code", ["EU", "QL", "SU", "UK", "WO"])
def test_a_country_whose_code_nobody_assigned_is_refused(tmp_path: Path, code: str) -> None:
    folder = write_pack(tmp_path / "pack", **of_a_country(code))
    assert faults(folder) == [("more.yaml", 4, f"{code}: “{code}” is no country")]
    with pytest.raises(PackError) as refused:
        load_pack(folder)
    assert str(refused.value.problems[0].expected) == "a code of ISO 3166-1"


@pytest.mark.parametrize("code", ["AA", "QM", "QZ", "XA", "XK", "XZ", "ZZ", "SE"])
def test_codes_assigned_or_left_to_users_are_countries(tmp_path: Path, code: str) -> None:
    assert code in load_pack(write_pack(tmp_path / "pack", **of_a_country(code))).countries


def test_an_invented_world_may_use_any_code_once_it_says_so(tmp_path: Path) -> None:
    meta = FILES["pack.yaml"]
    invented = {**of_a_country("QL"), "pack": f"{meta}synthetic: true\n"}
    assert load_pack(write_pack(tmp_path / "pack", **invented)).meta.synthetic
    honest = {**of_a_country("QL"), "pack": f"{meta}synthetic: false\n"}
    assert faults(write_pack(tmp_path / "other", **honest)) == [("more.yaml", 4, "QL: “QL” is no country")]
    unclear = {**of_a_country("QL"), "pack": f"{meta}synthetic: perhaps\n"}
    assert [fault[0] for fault in faults(write_pack(tmp_path / "third", **unclear))] == ["pack.yaml"]
