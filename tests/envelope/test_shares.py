"""Any k of n shares give the seed; fewer, others and damaged ones are told apart and refused by name."""

import itertools
import secrets

import pytest
import shamir_mnemonic
from hypothesis import given, settings
from hypothesis import strategies as st
from shamir_mnemonic.wordlist import WORDLIST

from tropa.envelope import (
    WORDS_IN_SHARE,
    BadShare,
    DamagedShare,
    Seed,
    SeedShare,
    SharesDoNotFit,
    TooFewShares,
    UnknownShareWord,
    join_shares,
    split_seed,
)

SEED = Seed(bytes(range(32)))


def text(share: SeedShare) -> str:
    return " ".join(share.words)


@pytest.mark.parametrize(("needed", "count"), [(2, 2), (2, 3), (3, 5), (16, 16)])
def test_any_k_of_n_shares_give_the_seed(needed: int, count: int) -> None:
    shares = split_seed(SEED, needed=needed, count=count)
    assert [share.index for share in shares] == list(range(1, count + 1))
    assert all(len(share.words) == WORDS_IN_SHARE for share in shares)
    for chosen in itertools.islice(itertools.combinations(shares, needed), 12):
        assert join_shares(chosen[::-1]) == SEED


def test_fewer_say_how_many_are_missing() -> None:
    one, two, *_rest = split_seed(SEED, needed=4, count=5)
    with pytest.raises(TooFewShares) as refused:
        join_shares([one, two, one])
    assert refused.value.missing == 2
    with pytest.raises(TooFewShares):
        join_shares([])


def test_the_authors_own_tool_joins_them() -> None:
    shares = split_seed(SEED, needed=2, count=3)
    assert shamir_mnemonic.combine_mnemonics([text(share) for share in shares[1:]]) == SEED.raw


def test_shares_of_two_sets_are_refused() -> None:
    one = split_seed(SEED, needed=2, count=2)
    other = next(
        drawn for _ in range(100) if (drawn := split_seed(SEED, needed=2, count=2))[0].of != one[0].of
    )
    with pytest.raises(SharesDoNotFit):
        join_shares([one[0], other[1]])


def test_an_unknown_word_is_named_with_its_place_and_the_nearest() -> None:
    share = split_seed(SEED, needed=2, count=2)[0]
    words = [*share.words[:4], "acadmic", *share.words[5:]]
    with pytest.raises(UnknownShareWord) as refused:
        SeedShare.parse(" ".join(words))
    assert (refused.value.word, refused.value.place) == ("acadmic", 5)
    assert "academic" in refused.value.nearest


@settings(max_examples=60)
@given(place=st.integers(0, WORDS_IN_SHARE - 1), shift=st.integers(1, 1023))
def test_a_wrong_word_of_the_list_is_an_error_of_the_share(place: int, shift: int) -> None:
    words = list(split_seed(SEED, needed=2, count=2)[0].words)
    words[place] = WORDLIST[(WORDLIST.index(words[place]) + shift) % 1024]
    with pytest.raises(DamagedShare):
        SeedShare.parse(" ".join(words))


def test_words_left_out_swapped_or_added_are_an_error_of_the_share() -> None:
    words = split_seed(SEED, needed=2, count=2)[0].words
    for wrong in (words[1:], words[:-1], (*words, "academic"), (words[1], words[0], *words[2:])):
        with pytest.raises(DamagedShare) as refused:
            SeedShare.parse(" ".join(wrong))
        assert refused.value.words == len(wrong)


def test_capitals_numbering_and_line_breaks_do_not_matter() -> None:
    share = split_seed(SEED, needed=2, count=2)[0]
    typed = "\n".join(f"{place}. {word.upper()}," for place, word in enumerate(share.words, start=1))
    assert SeedShare.parse(typed) == share


@given(st.text())
def test_anything_typed_is_a_share_or_a_named_error(typed: str) -> None:
    with pytest.raises(BadShare):
        SeedShare.parse(typed)


@pytest.mark.parametrize(("needed", "count"), [(1, 1), (1, 3), (4, 3), (2, 17), (0, 5)])
def test_a_set_that_protects_nothing_is_not_made(needed: int, count: int) -> None:
    with pytest.raises(ValueError, match="shares"):
        split_seed(SEED, needed=needed, count=count)


def test_a_share_does_not_show_its_words() -> None:
    share = split_seed(Seed.generate(secrets.token_bytes), needed=2, count=2)[0]
    assert not set(share.words) & set(repr(share).replace("'", " ").split())
