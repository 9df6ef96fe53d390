"""Every fault of a library is listed with file and line, and nothing of it is taken."""

import shutil

import pytest

from tropa.counsel.library import SHIPPED_LIBRARY, Length, LibraryError, UnknownAnswer, load_library
from tropa.counsel.library.loading import LONGEST


@pytest.fixture
def folder(tmp_path):
    copy = tmp_path / "library"
    copy.mkdir()
    for name in ("library.yaml", "money.yaml"):
        shutil.copy(SHIPPED_LIBRARY / name, copy)
    said = (SHIPPED_LIBRARY / "said.yaml").read_text(encoding="utf-8")
    (copy / "said.yaml").write_text(only_money(said), encoding="utf-8")
    return copy


def only_money(said):
    kept, wanted = [], False
    for line in said.splitlines(keepends=True):
        if not line.startswith(" "):
            wanted = line.startswith("money-")
        if wanted:
            kept.append(line)
    return "".join(kept)


def problems(folder):
    with pytest.raises(LibraryError) as refused:
        load_library(folder)
    return [(problem.file, problem.line, str(problem.what)) for problem in refused.value.problems]


def change(folder, old, new, name="money.yaml", times=1):
    file = folder / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, times), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_a_whole_one_loads(folder):
    assert set(load_library(folder).answers) == {"money-false-paper", "money-paid-guide"}
    with pytest.raises(UnknownAnswer):
        load_library(folder).answer("nobody-wrote-this")


def test_every_fault_is_named_at_once_with_its_line(folder):
    topic = change(folder, "lawyer: needed", "lawyer: perhaps")
    owner = change(
        folder, "review_by: 2026-12-22\n    lawyer: needed", "review_by: 2026-13-22\n    lawyer: needed"
    )
    change(folder, "format: 1", "format: 7", "library.yaml")
    found = problems(folder)
    assert {(file, line) for file, line, _what in found} == {
        ("library.yaml", 3),
        ("money.yaml", topic),
        ("money.yaml", owner),
    }


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("topic: money", "topic: cash", "“cash” is unknown"),
        ("owner: security", "boss: security", "is missing"),
        ("    owner: security", "    owner: security\n    colour: red", "the key “colour” is unknown"),
        ("facts: [THR-15, LAW-339-3]", "facts: []", "0 members"),
        ("facts: [THR-15, LAW-339-3]", "facts: [THR-15, THR-15]", "repeats"),
        ("facts: [THR-15, LAW-339-3]", "facts: [THR-15, LAW-340]", "nobody noted"),
        ("as_of: 2026-11-22", "as_of: 2027-11-22", "before the text's own day"),
        ("what: written", "what: reviewed", "out of order"),
        ("Most likely yes.", "Скорее да.", "has Russian letters"),
    ],
)
def test_each_fault_has_its_own_words(folder, old, new, told):
    change(folder, old, new)
    assert any(told in what for _file, _line, what in problems(folder))


def test_an_id_given_twice_is_refused_wherever_it_stands(folder):
    shutil.copy(folder / "money.yaml", folder / "also.yaml")
    assert [what for _file, _line, what in problems(folder)] == [
        "the id “money-false-paper” is taken",
        "the id “money-paid-guide” is taken",
    ]


def test_an_answer_in_one_language_is_refused(folder):
    text = (folder / "money.yaml").read_text(encoding="utf-8")
    start = text.index("      en: |", text.index("text:"))
    end = text.index("    facts:", start)
    (folder / "money.yaml").write_text(text[:start] + text[end:], encoding="utf-8")
    assert any("“en” is missing" in what for _file, _line, what in problems(folder))


def test_a_text_too_long_for_its_kind_is_refused(folder):
    change(folder, "Most likely yes.", "Most likely yes. " + "word " * (LONGEST[Length.SHORT] // 5))
    assert any("letters" in what for _file, _line, what in problems(folder))


def test_a_note_on_an_answer_that_is_gone_is_refused(folder):
    said = folder / "said.yaml"
    said.write_text(
        said.read_text(encoding="utf-8") + "ghost:\n  THR-15: 0123456789abcdef\n", encoding="utf-8"
    )
    assert problems(folder) == [("said.yaml", 0, "“ghost” is no answer")]


@pytest.mark.parametrize("content", [b"", b"- a\n- b\n", b"topic: money\n", b"\xff\xfe", b"a: &x 1\nb: *x\n"])
def test_files_that_are_no_answers_are_refused(folder, content):
    (folder / "zoo.yaml").write_bytes(content)
    assert {file for file, _line, _what in problems(folder)} == {"zoo.yaml"}


def test_a_folder_that_is_none_is_refused(tmp_path):
    assert problems(tmp_path / "nowhere")[0][0] == "library.yaml"
