"""Shares of a seed: 33 words each, any k of n give the seed again, fewer tell nothing (Shamir).

Words, checksum and arithmetic are SLIP-39's (SatoshiLabs), by its authors' own library; one group, no
passphrase, so that any tool that knows SLIP-39 can put a seed together. The library draws its own randomness
from the system, and says of itself that it is not hardened against side channels: shares are made and joined
in a ceremony at one machine, never in a process that strangers can reach.

A share that was typed wrong is told from one that is of another set, and an unknown word is named; no error
carries a word that is right.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Self

import shamir_mnemonic
from shamir_mnemonic.wordlist import WORD_INDEX_MAP, WORDLIST

from tropa.envelope.errors import DamagedShare, SharesDoNotFit, TooFewShares, UnknownShareWord
from tropa.envelope.seed import Seed

WORDS_IN_SHARE = 33
"""What SLIP-39 makes of 32 bytes."""
FEWEST_NEEDED = 2
MOST_SHARES = 16
LONGEST_TEXT = 2000
NEAREST = 3


@dataclass(frozen=True, slots=True)
class SeedShare:
    """One share. `of` is the number its set was drawn with; `index` counts from 1; `needed` give the seed."""

    words: tuple[str, ...] = field(repr=False)
    of: int
    index: int
    needed: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """The share somebody typed; capitals, numbering, commas and line breaks do not matter.

        UnknownShareWord names the first word that is not of the list, and the nearest that are; DamagedShare
        if the words are too few or too many, or each is of the list and together they are no share.
        """
        words = _words(text)
        for place, word in enumerate(words, start=1):
            if word not in WORD_INDEX_MAP:
                raise UnknownShareWord(word, place, tuple(get_close_matches(word, WORDLIST, NEAREST, 0.5)))
        if len(words) != WORDS_IN_SHARE:
            raise DamagedShare(f"a share has {WORDS_IN_SHARE} words", len(words))
        try:
            share = shamir_mnemonic.Share.from_mnemonic(" ".join(words))
        except (shamir_mnemonic.MnemonicError, ValueError):
            raise DamagedShare("these words are no share together", len(words)) from None
        if share.group_count != 1 or share.group_index != 0:
            raise DamagedShare("a share of a scheme Tropa does not make", len(words))
        return cls(words, share.identifier, share.index + 1, share.member_threshold)


def split_seed(seed: Seed, *, needed: int, count: int) -> tuple[SeedShare, ...]:
    """`count` shares of which any `needed` give `seed` again. ValueError unless 2 <= needed <= count <= 16."""
    if not FEWEST_NEEDED <= needed <= count <= MOST_SHARES:
        raise ValueError(
            f"of at most {MOST_SHARES} shares at least {FEWEST_NEEDED} and at most all are needed"
        )
    # without a passphrase more iterations would protect nothing
    (texts,) = shamir_mnemonic.generate_mnemonics(1, [(needed, count)], seed.raw, iteration_exponent=0)
    return tuple(SeedShare.parse(text) for text in texts)


def join_shares(shares: Sequence[SeedShare]) -> Seed:
    """The seed of these shares, given in any order; a share given twice counts once.

    TooFewShares says how many are missing; SharesDoNotFit if they are of different sets or do not agree.
    """
    if not shares:
        raise TooFewShares(FEWEST_NEEDED)
    if len({(share.of, share.needed) for share in shares}) > 1:
        raise SharesDoNotFit("these shares are of different sets")
    different = {share.index: share for share in shares}
    missing = shares[0].needed - len(different)
    if missing > 0:
        raise TooFewShares(missing)
    chosen = list(different.values())[: shares[0].needed]
    try:
        return Seed(shamir_mnemonic.combine_mnemonics([" ".join(share.words) for share in chosen]))
    except (shamir_mnemonic.MnemonicError, ValueError):
        raise SharesDoNotFit("these shares do not agree") from None


def _words(text: str) -> tuple[str, ...]:
    letters = (letter if letter.isalpha() else " " for letter in text[:LONGEST_TEXT].casefold())
    return tuple("".join(letters).split())
