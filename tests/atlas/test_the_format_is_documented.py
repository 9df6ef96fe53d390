"""The page on the atlas names every kind, key and word of the pack format, and no key that does not exist."""

import re
from pathlib import Path

import pytest

from tropa.atlas import Confidence, Effect, Kind
from tropa.atlas.shapes import ENVELOPE, REQUIRED, SHAPES


@pytest.fixture(scope="module")
def page(checkout: Path) -> str:
    return (checkout / "docs" / "atlas.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", Kind)
def test_every_key_of_a_kind_is_listed_with_whether_it_may_be_left_out(page: str, kind: Kind) -> None:
    row = re.search(rf"^\| {kind} \| (.*) \|$", page, re.MULTILINE)
    assert row
    optional = set(re.findall(r"\(`(\w+)`\)", row[1]))
    listed = set(re.findall(r"`(\w+)`", row[1]))
    keys = SHAPES[kind].keys
    assert listed == set(keys)
    assert optional == {name for name, one in keys.items() if one.default is not REQUIRED}


def test_every_key_of_the_envelope_is_named(page: str) -> None:
    section = page.partition("### Keys of every record")[2].partition("###")[0]
    assert set(re.findall(r"`(\w+)`", section)) == set(ENVELOPE)


def test_every_effect_and_confidence_is_explained(page: str) -> None:
    assert all(f"| {effect} |" in page for effect in Effect)
    assert all(f"`{confidence}`" in page for confidence in Confidence)
