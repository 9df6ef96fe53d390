"""Whatever is done to a pack's text, loading ends with an atlas or with named faults."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.atlas.small_pack import FILES, write_pack
from tropa.atlas import Atlas, PackError, load_pack

STEMS = [name.removesuffix(".yaml") for name in FILES]
SNIPPETS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["[", "]", "{}", "[]", "[[]]", "&a", "*a", "!!int", "~", "null", "-1", "2026-02-30", ": ", "\t"]
    ),
)


@given(stem=st.sampled_from(STEMS), at=st.floats(0, 1), length=st.integers(0, 30), put=SNIPPETS)
@settings(max_examples=150, deadline=None)
def test_a_changed_stretch_of_text(stem: str, at: float, length: int, put: str) -> None:
    content = FILES[f"{stem}.yaml"]
    position = int(at * len(content))
    assert_named_only(stem, content[:position] + put + content[position + length :])


@given(stem=st.sampled_from(STEMS), line=st.integers(0, 40), value=SNIPPETS)
@settings(max_examples=150, deadline=None)
def test_a_changed_value(stem: str, line: int, value: str) -> None:
    lines = FILES[f"{stem}.yaml"].split("\n")
    line %= len(lines)
    lines[line] = lines[line].partition(":")[0] + ": " + value
    assert_named_only(stem, "\n".join(lines))


def assert_named_only(stem: str, content: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        pack = write_pack(Path(folder), **{stem: content.encode("utf-8", "surrogatepass")})
        try:
            assert isinstance(load_pack(pack), Atlas)
        except PackError as refused:
            problems = refused.problems
        else:
            return
    assert problems
    assert all(problem.file and str(problem.what) and str(problem.expected) for problem in problems)
