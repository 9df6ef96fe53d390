"""`tropa atlas` says every fault with file and line and ends with 1, and says what no source gives."""

from pathlib import Path

import pytest

from tests.atlas.small_pack import spoiled, write_pack
from tropa.atlas import EXAMPLE_DAY, SHIPPED_PACK, load_pack, report
from tropa.atlas.coverage import coverage
from tropa.atlas.phrases import translator
from tropa.cli.main import main


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "en")
    translator.cache_clear()


def test_a_good_pack_ends_with_nought(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["atlas", "check"]) == 0
    assert "no fault" in capsys.readouterr().out


def test_a_faulty_pack_ends_with_one_and_its_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pack = write_pack(tmp_path, **spoiled("legs", "to: kirkenes", "to: narvik"))
    assert main(["atlas", "check", str(pack)]) == 1
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.splitlines()[0] == (
        "legs.yaml:5: coach: to names “narvik”, which is nowhere; expected: the id of: place"
    )


def test_faults_are_said_in_russian_to_who_reads_russian(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "ru")
    translator.cache_clear()
    assert (
        main(
            ["atlas", "check", str(write_pack(tmp_path, **spoiled("legs", "sources: [law]", "sources: []")))]
        )
        == 1
    )
    said = capsys.readouterr().err
    translator.cache_clear()
    assert "legs.yaml:12: sources: в списке столько членов: 0; ожидалось: не меньше 1" in said


def test_coverage_of_one_country_names_its_gap(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["atlas", "coverage", "--country", "AE", "--as-of", "2026-11-22"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("AE: ")
    assert "gap (leg): State of air links between Moscow and the Gulf" in said
    assert "missing: protection" in said


def test_coverage_of_a_country_known_only_for_its_flights_names_what_is_missing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["atlas", "coverage", "--country", "IN", "--as-of", "2026-11-22"]) == 0
    missing = [line for line in capsys.readouterr().out.splitlines() if "missing:" in line]
    assert all(kind in missing[0] for kind in ("living", "entry_rule", "stay_rule", "protection"))


def test_the_whole_report_counts_what_stands_on_general_knowledge_alone() -> None:
    atlas = load_pack(SHIPPED_PACK, reviewed_as_of=EXAMPLE_DAY)
    found = coverage(atlas, EXAMPLE_DAY)
    said = list(report.covered(found, str))
    assert len([line for line in said if "gap (" in line]) == len(atlas.gaps)
    assert f"legs no source records: {len(found.legs_without_source)}" in said
    assert found.legs_without_source


def test_a_hazard_nobody_stated_is_listed_as_unknown(tmp_path: Path) -> None:
    found = coverage(load_pack(write_pack(tmp_path), reviewed_as_of=EXAMPLE_DAY), EXAMPLE_DAY)
    said = list(report.covered(found, str, only="NO"))
    assert "  unknown hazard: day_of_stay for charged" in said
    assert "  unknown hazard: entry_check for no_summons" in said
    assert "  unknown hazard: day_of_stay for summoned" not in said
