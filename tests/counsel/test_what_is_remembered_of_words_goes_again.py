"""Single words are remembered while many are read; after a start nothing of that stays, and all is read alike."""

from __future__ import annotations

from tropa.counsel.cues import forget_words, tokens_of
from tropa.counsel.words import known, lemmas

TEXT = "Мобилизованный сын отказался: povestka и военкомат"


def test_words_are_forgotten_and_read_alike_afterwards() -> None:
    before = tokens_of(TEXT)
    assert lemmas("повестка")
    assert known("повестка")
    forget_words()
    assert lemmas.cache_info().currsize == 0
    assert known.cache_info().currsize == 0
    assert tokens_of(TEXT) == before
