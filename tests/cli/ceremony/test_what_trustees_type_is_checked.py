"""A share counts as kept only when its words come back; what is wrong is named, what is right is not shown."""

from tests.cli.ceremony.trustees import Table
from tropa.cli.ceremony.terminal import ENTER_APART, LEAVE_APART, Terminal
from tropa.cli.ceremony.trustees import hand_out
from tropa.envelope import Seed, SeedShare, split_seed

SHARES = split_seed(Seed(bytes(range(32))), needed=2, count=3)


class Trustee(Table):
    """Types these lines, one after another, where words are asked back, and then the right ones."""

    def __init__(self, *typed: str) -> None:
        self.typed = list(typed)
        super().__init__({">": lambda _table: self.typed.pop(0) if self.typed else " ".join(SHARES[0].words)})


def handed(*typed: str) -> Trustee:
    trustee = Trustee(*typed)
    hand_out(Terminal(trustee, trustee), "Root key", SHARES[0], 3)
    return trustee


def words_with(place: int, word: str) -> str:
    words = list(SHARES[0].words)
    words[place - 1] = word
    return " ".join(words)


def another_word(share: SeedShare, place: int) -> str:
    """A word of the list that stands elsewhere."""
    return next(word for word in share.words if word != share.words[place - 1])


def test_the_right_words_are_taken_and_the_screen_was_wiped_after_showing_them() -> None:
    trustee = handed()
    assert "Root key: share 1 of 3: kept and checked." in trustee.written
    assert trustee.shares[("Root", 1)] == list(SHARES[0].words)
    outside = "".join(part.split(LEAVE_APART)[-1] for part in trustee.written.split(ENTER_APART))
    assert not any(f"{number}. {word}" in outside for number, word in enumerate(SHARES[0].words, start=1))
    assert trustee.written.count(f"1. {SHARES[0].words[0]}") == 1, "shown once"


def test_an_unknown_word_is_named_with_the_nearest() -> None:
    trustee = handed(words_with(7, "acadmic"))
    assert "Word 7, “acadmic”, is not of the list. Near it: academic" in trustee.written
    assert "kept and checked" in trustee.written


def test_a_word_far_from_every_other_is_named_alone() -> None:
    assert "Word 7, “щщщ”, is not of the list.\n" in handed(words_with(7, "щщщ")).written


def test_a_wrong_word_of_the_list_is_an_error_of_the_share() -> None:
    trustee = handed(words_with(9, another_word(SHARES[0], 9)))
    assert "This share has an error" in trustee.written
    assert SHARES[0].words[8] not in trustee.written.split("This share has an error")[1].split("\n")[0]


def test_too_few_words_are_counted() -> None:
    assert "A share has 33 words; 2 words were typed." in handed("academic acid", "").written


def test_another_trustees_share_is_not_taken_for_this_one() -> None:
    trustee = handed(" ".join(SHARES[1].words))
    assert "This is a share without error, but another one." in trustee.written


def test_lines_may_be_broken_anywhere() -> None:
    words = SHARES[0].words
    trustee = handed(" ".join(words[:10]), " ".join(words[10:32]), words[32])
    assert "kept and checked" in trustee.written


def test_a_share_is_shown_again_only_to_whoever_asks() -> None:
    assert handed("?").written.count(f"1. {SHARES[0].words[0]}") == 2
