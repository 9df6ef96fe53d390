"""Nine listed words carry 96 random bits and three check bits, and nothing else."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tropa.envelope.wordlist
from tests.envelope.world import repeatable
from tropa.envelope import Codename, Language, UnknownCodename
from tropa.envelope.wordlist import word_list

entropies = st.binary(min_size=12, max_size=12)
languages = st.sampled_from(Language)
KNOWN_ENGLISH = "abandon " * 8 + "above"
KNOWN_RUSSIAN = "ящик " * 8 + "ясный"
LIST_DIGESTS = {
    "english.txt": "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda",
    "russian.txt": "c9458f1997f6a6e0e8b4b691de850aa6af15fabca197e56baa6234933af1fffc",
}


@pytest.mark.parametrize("name", LIST_DIGESTS)
def test_a_word_list_stays_what_it_is_to_the_byte(name: str) -> None:
    lists = Path(tropa.envelope.wordlist.__file__).parent / "wordlists"
    assert hashlib.sha256((lists / name).read_bytes()).hexdigest() == LIST_DIGESTS[name]
    assert LIST_DIGESTS[name] in (lists / "SOURCE.md").read_text()


@pytest.mark.parametrize("language", Language)
def test_a_word_list_has_2048_different_words_in_letters_a_reader_types(language: Language) -> None:
    words = word_list(language).words
    assert len(set(words)) == 2048
    letters = (
        "abcdefghijklmnopqrstuvwxyz" if language is Language.ENGLISH else "абвгдежзийклмнопрстуфхцчшщъыьэюя"
    )
    assert set("".join(words)) <= set(letters)
    assert all(3 <= len(word) <= 8 for word in words)
    assert list(words) == sorted(words)


def test_no_two_russian_words_are_one_slip_apart() -> None:
    """So a slip in a Russian codename never makes another codename of it."""
    russian = word_list(Language.RUSSIAN)
    assert not any(russian.near(word) for word in russian.words)


@given(entropies, languages)
def test_the_words_read_back_as_the_same_codename(entropy: bytes, language: Language) -> None:
    codename = Codename.from_entropy(entropy, language)
    read = Codename.parse(" ".join(codename.words))
    assert read == codename
    assert read.entropy == entropy
    assert read.language is language
    assert read.words == codename.words


@given(entropies)
def test_both_languages_write_the_same_places(entropy: bytes) -> None:
    english, russian = (Codename.from_entropy(entropy, language) for language in ("en", "ru"))  # type: ignore[arg-type]
    places = [word_list(Language.ENGLISH).places[word] for word in english.words]
    assert places == [word_list(Language.RUSSIAN).places[word] for word in russian.words]


@given(entropies)
def test_the_words_are_the_bits_in_order_with_the_check_at_the_end(entropy: bytes) -> None:
    places = [word_list(Language.ENGLISH).places[word] for word in Codename(entropy, Language.ENGLISH).words]
    bits = "".join(f"{place:011b}" for place in places)
    assert bits[:96] == f"{int.from_bytes(entropy, 'big'):096b}"
    assert bits[96:] == f"{hashlib.sha256(b'tropa codename check 1' + entropy).digest()[0]:08b}"[:3]


def test_known_codenames_stay_what_they_are() -> None:
    assert " ".join(Codename(bytes(12), Language.ENGLISH).words) == KNOWN_ENGLISH
    assert " ".join(Codename(b"\xff" * 12, Language.RUSSIAN).words) == KNOWN_RUSSIAN


def test_a_new_codename_is_what_the_source_gave() -> None:
    codename = Codename.generate(repeatable("codename"), Language.RUSSIAN)
    assert codename.entropy == repeatable("codename")(12)
    assert len(codename.words) == 9


def test_seven_of_eight_other_last_words_fail_the_check() -> None:
    codename = Codename(b"twelve bytes", Language.RUSSIAN)
    fit = 0
    for word in word_list(Language.RUSSIAN).words:
        try:
            Codename.parse(" ".join((*codename.words[:8], word)))
            fit += 1
        except UnknownCodename:
            pass
    assert fit == pytest.approx(2048 / 8, rel=0.25)


@pytest.mark.parametrize("entropy", [b"", bytes(11), bytes(13), bytes(16), "twelve bytes"])
def test_another_number_of_bits_is_no_codename(entropy: object) -> None:
    with pytest.raises(ValueError, match="12 bytes"):
        Codename.from_entropy(entropy, Language.ENGLISH)  # type: ignore[arg-type]


def test_a_language_without_a_list_is_no_codename() -> None:
    with pytest.raises(ValueError, match="not a valid Language"):
        Codename.from_entropy(bytes(12), "fr")  # type: ignore[arg-type]
