"""Reading a line at a time gives exactly what the YAML library gives, or refuses and leaves the file to it."""

import re

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.atlas.small_pack import FILES
from tropa.atlas import SHIPPED_PACK, load_pack
from tropa.atlas.document import LOADER, Fault, build
from tropa.atlas.nodes import Items, Keys, Scalar
from tropa.atlas.plain_lines import read_plain
from tropa.atlas.synthetic import WorldPlan, synthetic_pack
from tropa.atlas.writing import pack_texts

WORLD = {name: text.decode() for name, text in synthetic_pack(WorldPlan(6, 12, 96, 6, 1)).items()}
SHIPPED = {file.name: file.read_text(encoding="utf-8") for file in SHIPPED_PACK.glob("*.yaml")}


def tree(node):
    """What a node says and where, in plain values."""
    if isinstance(node, Scalar):
        return ("text", node.line, node.value)
    if isinstance(node, Items):
        return ("list", node.line, [tree(member) for member in node.value])
    assert isinstance(node, Keys)
    return ("keys", node.line, [(key, node.lines[key], tree(value)) for key, value in node.items.items()])


def by_library(text):
    faults = []
    node = build(yaml.parse(text, Loader=LOADER), faults)
    return node, faults


@pytest.mark.parametrize("name", SHIPPED)
def test_every_file_of_the_shipped_pack_is_of_the_plain_form(name):
    plain = read_plain(SHIPPED[name])
    assert plain is not None
    node, faults = by_library(SHIPPED[name])
    assert (tree(plain), faults) == (tree(node), [])


@pytest.mark.parametrize("name", sorted(name for name, text in WORLD.items() if "  - id" in text))
def test_a_drawn_world_is_of_the_plain_form(name):
    assert tree(read_plain(WORLD[name])) == tree(by_library(WORLD[name])[0])


def test_a_pack_as_the_command_writes_it_is_of_the_plain_form():
    for text in pack_texts(load_pack(SHIPPED_PACK)).values():
        assert tree(read_plain(text)) == tree(by_library(text)[0])


LINES = sorted({line for text in (*SHIPPED.values(), *FILES.values()) for line in text.split("\n")}, key=len)[
    ::7
]
ODD = [
    "---",
    "...",
    "- 1",
    "  - id: x",
    "    note:",
    "      en: x",
    "      ru: ж",
    "    a: b: c",
    "    a: b #c",
    "    a: 'b' # c",
    "    a: &x b",
    "    a: *x",
    "    a: !!int 3",
    "    a: >",
    "     b",
    "    ? a",
    "    a: [b",
    "    c]",
    "    a: [b]: c",
    "    a: {b: c}",
    '    a: "b\\n"',
    '    a: "b" c',
    '    a: "b": c',
    "\ta: b",
    "    a:\tb",
    "    a: b\t",
    "    a: ",
    "    a:  b",
    "    a: b ",
    "    a: -1",
    "    a: - 1",
    "    a: -",
    "    a: @b",
    "    a: `b",
    "    a: %b",
    "    a: ~",
    "    a: [ b , c ]",
    "    a: [b,c]",
    "    a: [[b], c, [d, e]]",
    "    a: []",
    "    a: [[]]",
    "    a: 'it''s'",
    "    a: 'x",
    "    a: {en: b, ru: ж}",
    "    a: {en: b, ru: ж, en: c}",
    "    a: {ru: ж, en: b}",
    "    a: {en: b c , ru: ж}",
    "    a: {en: b:c, ru: ж}",
    "    a: {en: b?, ru: ж}",
    "    a: {en: b #c, ru: ж}",
    "    a: {en: b - c!, ru: 'ж'}",
    '    a: {en: "b, c: {d} #e", ru: ж}',
    '    a: {en: "b\\n", ru: "ж"}',
    '    a: {en: "", ru: ж} ',
    "    a: {en: 5, ru: ~}",
    '    a: " b "',
    '    a: ""',
    '    a: "b" # c',
    "# c",
    "      # c",
    "    A: b",
    "    a.b: c",
    "a: b",
    "facts:",
    "facts: []",
    "",
    " ",
    "    a: b\u2028c",
    "    a: b\u0085",
    "    a: \ufeffb",
    "    a: http://b/c#d",
    "    a: b:c",
    "    a: b:",
    "kind: leg",
    "    a: |",
]


@settings(max_examples=1500, deadline=None)
@given(st.lists(st.sampled_from([*ODD, *ODD, *LINES]), min_size=1, max_size=9))
def test_lines_in_any_order_are_read_the_same_or_left_to_the_library(lines):
    text = "\n".join(lines)
    plain = read_plain(text)
    if plain is not None:
        node, faults = by_library(text)
        assert (tree(plain), faults) == (tree(node), [])


@settings(max_examples=600, deadline=None)
@given(st.data())
def test_a_file_spoiled_in_one_place_is_read_the_same_or_left_to_the_library(data):
    text = FILES[data.draw(st.sampled_from(sorted(FILES)))]
    at = data.draw(st.integers(0, len(text)))
    sign = data.draw(
        st.sampled_from([*" \n\t:,#-[]{}\"'&*!|>%@`?~\\ab1.", "\n    ", "\n  - ", ": ", " #", "- ", "\u0085"])
    )
    spoiled = text[:at] + sign + text[at + data.draw(st.integers(0, 2)) :]
    plain = read_plain(spoiled)
    if plain is None:
        return
    try:
        node, faults = by_library(spoiled)
    except (yaml.YAMLError, Fault) as error:  # pragma: no cover - only a bug comes here
        pytest.fail(f"read what the library refuses: {error}")
    assert (tree(plain), faults) == (tree(node), [])


@settings(max_examples=300, deadline=None)
@given(
    st.text(" ab1жЁ.,:;-?!'\"\\\\#&*|>%@`~[]{}()/«»—\u00a0", max_size=9),
    st.text(" ж1,:#{}\"'\\\\", max_size=5),
)
def test_a_text_in_both_languages_is_read_the_same_however_it_is_written(english, russian):
    for line in (
        f"a: {{en: {english}, ru: {russian}}}",
        f'a: {{en: "{english}", ru: "{russian}"}}',
        f'a: {{en: {english}, ru: "{russian}"}}',
        f'a: "{english}"',
    ):
        plain = read_plain(line)
        if plain is not None:
            node, faults = by_library(line)
            assert (tree(plain), faults) == (tree(node), []), line


def test_what_lies_deeper_than_a_pack_goes_is_left_to_the_library():
    assert read_plain("kind: leg\nfacts:\n  - a:\n      b:\n        c: d\n") is None
    assert read_plain("a: " + "[" * 60 + "]" * 60) is None
    assert re.match(r"kind: leg", FILES["legs.yaml"])
