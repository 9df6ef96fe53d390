"""A frightened person types nine words on a phone: what is plainly meant is understood."""

import random
import unicodedata
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tropa.envelope import MOST_READINGS, Codename, Language, UnknownCodename
from tropa.envelope import codename as codename_module
from tropa.envelope.typed_text import LONGEST_TEXT
from tropa.envelope.wordlist import is_one_slip, word_list

ENGLISH = Codename(b"twelve bytes", Language.ENGLISH)
RUSSIAN = Codename(b"twelve bytes", Language.RUSSIAN)
LETTERS = {
    Language.ENGLISH: "abcdefghijklmnopqrstuvwxyz",
    Language.RUSSIAN: "абвгдежзийклмнопрстуфхцчшщъыьэюя",
}


def typed(codename: Codename) -> str:
    return " ".join(codename.words)


def slips(word: str, letters: str) -> set[str]:
    """Every text one slip away, by the definition: letters left out, replaced, added, neighbours swapped."""
    heads = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    left_out = {head + tail[1:] for head, tail in heads if tail}
    replaced = {head + letter + tail[1:] for head, tail in heads if tail for letter in letters}
    added = {head + letter + tail for head, tail in heads for letter in letters}
    swapped = {head + tail[1] + tail[0] + tail[2:] for head, tail in heads if len(tail) > 1}
    return (left_out | replaced | added | swapped) - {word}


@st.composite
def mistyped(draw: st.DrawFn) -> tuple[Codename, str]:
    """A codename, and its words with one slip in one of them."""
    language = draw(st.sampled_from(Language))
    codename = Codename(draw(st.binary(min_size=12, max_size=12)), language)
    at = draw(st.integers(0, 8))
    words = list(codename.words)
    words[at] = draw(st.sampled_from(sorted(slips(words[at], LETTERS[language]))))
    return codename, " ".join(words)


@given(mistyped())
def test_a_slip_in_one_word_is_among_the_readings(case: tuple[Codename, str]) -> None:
    codename, text = case
    readings = Codename.readings(text)
    assert codename in readings
    assert len(readings) <= MOST_READINGS


@given(mistyped())
def test_parse_gives_the_codename_or_says_that_only_a_look_up_could_tell(case: tuple[Codename, str]) -> None:
    codename, text = case
    try:
        read = Codename.parse(text)
    except UnknownCodename:
        assert len(Codename.readings(text)) > 1
    else:
        assert read == codename or " ".join(read.words) == text


def share_corrected(codename: Codename) -> float:
    """Of every possible slip in every word, how many `parse` corrects by itself."""
    read = tried = 0
    for at, word in enumerate(codename.words):
        for text in slips(word, LETTERS[codename.language]):
            tried += 1
            try:
                read += (
                    Codename.parse(" ".join((*codename.words[:at], text, *codename.words[at + 1 :])))
                    == codename
                )
            except UnknownCodename:
                continue
    return read / tried


def test_nearly_every_slip_is_corrected_without_a_look_up() -> None:
    assert share_corrected(RUSSIAN) > 0.97
    assert share_corrected(ENGLISH) > 0.9


def test_a_slip_in_several_words_is_read_too() -> None:
    words = list(RUSSIAN.words)
    words[0], words[4], words[8] = words[0][1:], words[4] + "ъ", words[8][:-1]
    assert RUSSIAN in Codename.readings(" ".join(words))


def test_two_slips_in_one_word_are_not_guessed() -> None:
    words = list(RUSSIAN.words)
    words[2] = "ъъ" + words[2]
    with pytest.raises(UnknownCodename):
        Codename.parse(" ".join(words))
    with pytest.raises(UnknownCodename):
        Codename.readings(" ".join(words))


@pytest.mark.parametrize(
    "write",
    [
        str.upper,
        str.title,
        lambda text: f"\n\t  {text.replace(' ', '   ')} \n",
        lambda text: text.replace(" ", "-"),
        lambda text: text.replace(" ", ", ") + ".",
        lambda text: text.replace(" ", " · "),
        lambda text: text.replace(" ", "\u00a0"),
        lambda text: "\n".join(f"{number}. {word}" for number, word in enumerate(text.split(), 1)),
        lambda text: f"«{text}»",
        lambda text: unicodedata.normalize("NFD", text),
        "\u00ad".join,
        "\u200b".join,
    ],
    ids=["capitals", "title case", "spaces", "dashes", "commas", "dots", "hard spaces", "a numbered list",
         "quotes", "decomposed", "soft hyphens", "zero-width spaces"],
)  # fmt: skip
@pytest.mark.parametrize("codename", [ENGLISH, RUSSIAN], ids=["en", "ru"])
def test_how_it_is_set_out_does_not_matter(codename: Codename, write: object) -> None:
    assert callable(write)
    assert Codename.parse(write(typed(codename))) == codename


def codename_with(word: str, language: Language) -> Codename:
    """A codename of which the listed `word` is the first."""
    place = word_list(language).places[word]
    return Codename((place << 85).to_bytes(12, "big"), language)


def test_yo_is_read_as_ye() -> None:
    codename = codename_with("зеркало", Language.RUSSIAN)
    assert Codename.parse(typed(codename).replace("зеркало", "ЗЁРКАЛО")) == codename
    assert Codename.parse(typed(codename).replace("зеркало", "зе\u0301ркало")) == codename


def test_short_i_is_a_letter_of_its_own() -> None:
    codename = codename_with("район", Language.RUSSIAN)
    assert Codename.parse(typed(codename)).words[0] == "район"


LOOK_ALIKES = {Language.RUSSIAN: ("асеорху", "aceopxy"), Language.ENGLISH: ("aceopxy", "асеорху")}


@given(st.binary(min_size=12, max_size=12), st.sampled_from(Language), st.randoms(use_true_random=False))
def test_look_alike_letters_of_the_other_alphabet_are_read(
    entropy: bytes, language: Language, chance: random.Random
) -> None:
    codename = Codename(entropy, language)
    own, other = LOOK_ALIKES[language]
    budget = len(typed(codename)) // 3
    letters = list(typed(codename))
    for at, letter in enumerate(letters):
        if letter in own and budget > 0 and chance.random() < 0.5:
            letters[at] = other[own.index(letter)]
            budget -= 1
    assert Codename.parse("".join(letters)) == codename


ENGLISH_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,.` "
RUSSIAN_KEYS = "йцукенгшщзхъфывапролджэячсмитьбюё "


@given(st.binary(min_size=12, max_size=12))
def test_a_keyboard_left_in_the_other_layout_is_read(entropy: bytes) -> None:
    russian, english = Codename(entropy, Language.RUSSIAN), Codename(entropy, Language.ENGLISH)
    assert Codename.parse(typed(russian).translate(str.maketrans(RUSSIAN_KEYS, ENGLISH_KEYS))) == russian
    assert Codename.parse(typed(english).translate(str.maketrans(ENGLISH_KEYS, RUSSIAN_KEYS))) == english


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "абзац",
        typed(RUSSIAN).rsplit(" ", 1)[0],
        typed(RUSSIAN) + " абзац",
        typed(RUSSIAN).replace(" ", ""),
        " ".join(RUSSIAN.words[:4] + ENGLISH.words[4:]),
        "1 2 3 4 5 6 7 8 9",
        "\ud800 \x00 \u202e",
        "ъ ъ ъ ъ ъ ъ ъ ъ ъ",
        "x" * 100_000,
        "абзац " * 100_000,
    ],
    ids=["nothing", "spaces", "one word", "eight words", "ten words", "no spaces", "two languages", "digits",
         "no letters", "no words", "a long word", "many words"],
)  # fmt: skip
def test_what_is_no_codename_is_unknown(text: str) -> None:
    with pytest.raises(UnknownCodename):
        Codename.parse(text)
    with pytest.raises(UnknownCodename):
        Codename.readings(text)


@given(st.text(max_size=2 * LONGEST_TEXT))
def test_any_text_is_a_codename_or_unknown_and_nothing_else(text: str) -> None:
    try:
        readings = Codename.readings(text)
    except UnknownCodename:
        return
    assert 1 <= len(readings) <= MOST_READINGS


@pytest.mark.parametrize(
    "text",
    [typed(RUSSIAN), typed(ENGLISH), typed(RUSSIAN)[1:], "no such code", "", "a" * 5000],
    ids=["right", "right in English", "mistyped", "wrong", "empty", "long"],
)
def test_the_same_number_of_spellings_is_checked_for_any_text(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted through the real check: right, wrong and absurd texts cost the same."""
    counted = 0
    check = codename_module._entropy_of

    def counting(places: tuple[int, ...]) -> bytes | None:
        nonlocal counted
        counted += 1
        return check(places)

    monkeypatch.setattr(codename_module, "_entropy_of", counting)
    with suppress(UnknownCodename):
        Codename.readings(text)
    assert counted == 2 * codename_module.MOST_TRIED


@given(st.sampled_from(Language), st.integers(0, 2047), st.data())
def test_the_index_finds_exactly_the_listed_words_one_slip_away(
    language: Language, place: int, data: st.DataObject
) -> None:
    listing = word_list(language)
    word = data.draw(st.sampled_from(sorted(slips(listing.words[place], LETTERS[language]))))
    by_definition = slips(word, LETTERS[language])
    assert listing.near(word) == tuple(
        sorted(listing.places[w] for w in by_definition if w in listing.places)
    )


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_one_slip_is_what_the_definition_says(one: str, other: str) -> None:
    assert is_one_slip(one, other) == (other in slips(one, "abc"))
    assert is_one_slip(one, other) == is_one_slip(other, one)
