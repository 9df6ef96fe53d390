"""The handbook has every chapter in both languages, names no page that is not there, and shows pictures that are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.urls import Resolver404, resolve

from tropa.desk.pages.handbook import CHAPTERS, FOLDER, chapter, chapters

PAGE = re.compile(r"`(/[^`\s]*/|/)`")
PICTURE = re.compile(r"!\[[^\]]+\]\(([^)]+)\)")
UNKNOWN_MARKS = re.compile(r"^(?:#{3,}|>|```|\s{4,}\S|\* )|<[a-z]|__|~~", re.MULTILINE)
LANGUAGES = ("ru", "en")
BY_SCREEN = {
    "first-sign-in", "today", "inbox", "thread", "triage", "workbench", "review", "surge", "shift-end", "trouble",
    "never-written",
}  # fmt: skip


def texts() -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.md"))}


def test_each_chapter_is_there_in_both_languages_and_no_other_file_is() -> None:
    assert set(CHAPTERS) >= BY_SCREEN
    expected = {f"{name}.{language}.md" for name in CHAPTERS for language in LANGUAGES}
    assert set(texts()) - {"README.md"} == expected
    index = texts()["README.md"]
    assert [name for name in expected if f"({name})" not in index] == []


def test_every_page_it_names_is_an_address_of_the_desk() -> None:
    named = {(name, page) for name, text in texts().items() for page in PAGE.findall(text)}
    assert len(named) > 30
    missing = []
    for name, page in sorted(named):
        try:
            resolve(page.replace("…", "0" * 32), urlconf="tropa.desk.urls")
        except Resolver404:
            missing.append((name, page))
    assert missing == []


def test_both_languages_of_a_chapter_name_the_same_pages_and_pictures() -> None:
    found = texts()
    for name in CHAPTERS:
        russian, english = found[f"{name}.ru.md"], found[f"{name}.en.md"]
        assert PAGE.findall(russian) == PAGE.findall(english), name
        assert len(PICTURE.findall(russian)) == len(PICTURE.findall(english)), name


def test_every_picture_is_there_and_is_taken_in_the_language_of_the_chapter() -> None:
    shown = [(name, picture) for name, text in texts().items() for picture in PICTURE.findall(text)]
    assert len(shown) >= 14
    for name, picture in shown:
        file = FOLDER / picture
        assert file.exists(), f"{name}: {picture}; `make screenshots` takes it"
        assert file.read_bytes().startswith(b"\x89PNG"), picture
        assert file.resolve().is_relative_to((FOLDER / "../screenshots").resolve())
        assert file.stem.endswith(".en") == name.endswith(".en.md"), f"{name}: {picture}"


def test_the_tool_takes_every_picture_that_is_shown(checkout: Path) -> None:
    tool = (checkout / "tools" / "screenshots.py").read_text(encoding="utf-8")
    for text in texts().values():
        for picture in PICTURE.findall(text):
            assert f'"{Path(picture).name.split(".")[0]}"' in tool, picture


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_desk_draws_every_chapter_and_leaves_no_mark_undrawn(language: str) -> None:
    assert [name for name, _title in chapters(language)] == list(CHAPTERS)
    for name in CHAPTERS:
        source = texts()[f"{name}.{language}.md"]
        assert UNKNOWN_MARKS.findall(source) == [], name
        title, drawn = chapter(name, language)
        assert title
        assert "#" not in title
        plain = re.sub(r"<code>.*?</code>|<[^>]+>", " ", drawn)
        assert not re.search(r"\*\*|`|\]\(|^\||!\[", plain), (name, plain)
        assert "<script" not in drawn


def test_what_a_chapter_says_is_words_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tropa.desk.pages import handbook

    (tmp_path / "today.en.md").write_text(
        "# T\n\n<script>x</script> & [out](https://example.org) **b**\n", "utf-8"
    )
    monkeypatch.setattr(handbook, "FOLDER", tmp_path)
    chapter.cache_clear()
    try:
        assert chapter("today", "en")[1] == "<p>&lt;script&gt;x&lt;/script&gt; &amp; out <b>b</b></p>"
        assert chapters("ru") == []
        with pytest.raises(handbook.NoChapter):
            chapter("review", "en")
    finally:
        chapter.cache_clear()
