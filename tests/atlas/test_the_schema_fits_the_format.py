"""The JSON Schema made from the model takes the shipped pack whole, and refuses what the loader refuses."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.atlas.schema_reading import core_yaml, faults
from tests.atlas.small_pack import FILES, spoiled
from tropa.atlas import SHIPPED_PACK, Kind
from tropa.atlas.schema import pack_schema
from tropa.atlas.shapes import ENVELOPE, SHAPES
from tropa.cli.main import main

SCHEMA = pack_schema()
SHIPPED = sorted(path.name for path in SHIPPED_PACK.glob("*.yaml"))


def faults_of(content: str) -> list[str]:
    """The faults of a file as one of its own kind."""
    read: Any = core_yaml(content)
    name = read.get("kind") if "kind" in read else "sources" if "sources" in read else "pack"
    return faults(read, SCHEMA["$defs"][name], SCHEMA)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_file_of_the_shipped_pack_fits(name: str) -> None:
    assert faults_of((SHIPPED_PACK / name).read_text(encoding="utf-8")) == []


def test_a_file_fits_the_schema_as_a_whole_by_its_own_kind() -> None:
    assert faults(core_yaml(FILES["legs.yaml"]), SCHEMA, SCHEMA) == []
    assert faults(core_yaml(FILES["legs.yaml"].replace("kind: leg", "kind: place")), SCHEMA, SCHEMA) != []


@pytest.mark.parametrize(
    ("stem", "line", "instead"),
    [
        ("legs", "mode: road", "mode: raod"),
        ("legs", "mode: road", "mode: road\n    speed: 9"),
        ("legs", "    sources: [law]\n", ""),
        ("legs", "sources: [law]", "sources: []"),
        ("legs", "sources: [law]", "sources: [law, law]"),
        ("legs", "hours: [4, 5, 9]", "hours: [4, 9]"),
        ("legs", "hours: [4, 5, 9]", "hours: [-4, 5, 9]"),
        ("legs", "hours: [4, 5, 9]", "hours: [4, five, 9]"),
        ("legs", "crosses_border: true", "crosses_border: yes"),
        ("legs", "as_of: 2026-11", "as_of: November"),
        ("legs", "review_by: 2026-12-06", "review_by: 2026-12"),
        ("legs", "owner: borders", "owner: Anna B."),
        ("legs", "owner: borders", "owner: borders\n    effect: prohibition"),
        ("hazards", "[0.0001, 0.001, 0.01]", "[0.1, 0.5, 1]"),
        ("places", "latitude: 68.97", "latitude: 91"),
        ("places", "ru: Мурманск", "ru: Murmansk"),
        ("papers", "valid_years: 10", "valid_years: ten"),
        ("countries", "iso2: NO", "iso2: Norway"),
        ("sources", "https://example.org/law", "example.org"),
        ("pack", "format: 1", "format: 2"),
        ("pack", "review: unverified", "review: fine"),
    ],
)
def test_what_the_loader_refuses_in_one_record_the_schema_refuses(stem: str, line: str, instead: str) -> None:
    assert faults_of(FILES[f"{stem}.yaml"]) == []
    assert faults_of(spoiled(stem, line, instead)[stem]) != []


@pytest.mark.parametrize("kind", Kind)
def test_every_key_of_the_format_is_in_the_schema(kind: Kind) -> None:
    record = SCHEMA["$defs"][kind]["properties"]["facts"]["items"]
    assert set(record["properties"]) == {*ENVELOPE, *SHAPES[kind].keys}


def test_the_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["atlas", "schema"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(SCHEMA))


def test_the_page_names_the_command(checkout: Path) -> None:
    assert "tropa atlas schema" in (checkout / "docs" / "atlas.md").read_text(encoding="utf-8")
