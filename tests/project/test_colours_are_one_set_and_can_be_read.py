"""Desk and drop have one set of colours and sizes, and every pair that the pages rely on has the contrast that WCAG 2.2
asks of level AA: 4.5 for text, 3 for edges and signs; 7 for what is read most. In light and in dark.
"""

import re
from pathlib import Path

import pytest

SCHEMES = ("light", "dark")
TEXT, MOST_READ, SIGN = 4.5, 7.0, 3.0
GROUNDS = ("paper", "surface", "sunken")
WASHES = ("accent-wash", "alarm-wash")
PAIRS = [
    *(("ink", ground, MOST_READ) for ground in GROUNDS + WASHES),
    *((words, ground, TEXT) for words in ("ink-2", "ink-3", "accent") for ground in GROUNDS),
    *(("ink-2", wash, TEXT) for wash in WASHES),
    ("accent-hover", "paper", TEXT),
    ("accent-hover", "surface", TEXT),
    ("accent", "accent-wash", TEXT),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-hover", TEXT),
    *(("alarm", ground, TEXT) for ground in ("paper", "surface", "alarm-wash")),
    ("on-alarm", "alarm", TEXT),
    ("paper", "ink", TEXT),
    *((edge, ground, SIGN) for edge in ("line-strong", "focus") for ground in ("paper", "surface")),
]
ON_THE_MAP = [
    *(("accent", f"hz-{hazard}", SIGN) for hazard in ("haven", "low", "mid", "high", "none")),
    *(("ink", f"hz-{hazard}", TEXT) for hazard in ("haven", "low", "mid", "high", "none")),
    ("ink-2", "hz-low", TEXT),
    ("ink", "sea", TEXT),
]
Colours = dict[str, str]


@pytest.fixture(scope="module")
def desk(checkout: Path) -> list[Colours]:
    return schemes(checkout / "src/tropa/desk/static/desk/tokens.css")


@pytest.fixture(scope="module")
def drop(checkout: Path) -> list[Colours]:
    return schemes(checkout / "src/tropa/drop/static/style.css")


def schemes(sheet: Path) -> list[Colours]:
    """What a style sheet sets for the light scheme, and for the dark."""
    css = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    blocks = re.findall(r":root\s*\{(.*?)\}", css, re.DOTALL)
    assert len(blocks) == len(SCHEMES), "one :root for each scheme"
    return [dict(re.findall(r"--([\w-]+):\s*([^;]+?)\s*;", block)) for block in blocks]


def luminance(colour: str) -> float:
    """WCAG 2.2, "relative luminance"; `#rrggbb`."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """WCAG 2.2, "contrast ratio": 1 to 21."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def too_low(colours: Colours, pairs: list[tuple[str, str, float]]) -> list[str]:
    """The pairs that do not reach their ratio."""
    return [
        f"{front} on {ground}: {ratio:.2f}, of {least} at least"
        for front, ground, least in pairs
        if (ratio := contrast(colours[front], colours[ground])) < least
    ]


def test_the_drop_sets_what_the_desk_sets_and_nothing_else(desk: list[Colours], drop: list[Colours]) -> None:
    for own, others in zip(drop, desk, strict=True):
        assert own
        assert {name: others.get(name) for name in own} == own


def test_each_colour_of_the_light_scheme_is_set_for_the_dark(
    desk: list[Colours], drop: list[Colours]
) -> None:
    for light, dark in (desk, drop):
        coloured = {name for name, value in light.items() if re.fullmatch(r"#[0-9a-f]{6}", value)}
        assert coloured == set(dark)
        assert len(coloured) > 15


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_is_read_stands_out_from_its_ground(
    scheme: str, desk: list[Colours], drop: list[Colours]
) -> None:
    place = SCHEMES.index(scheme)
    assert too_low(desk[place], PAIRS + ON_THE_MAP) == []
    assert too_low(drop[place], PAIRS) == []


def test_the_measure_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert too_low({"a": "#777777", "b": "#ffffff"}, [("a", "b", TEXT)]) == ["a on b: 4.48, of 4.5 at least"]
