"""Sentences: where words stand near each other says what reading every sentence of a passage would say."""

from __future__ import annotations

import random
from collections.abc import Sequence

from tropa.counsel.sentences import Read, Sentences

Passage = Sequence[frozenset[str]]
ABOVE = 0.4
WORDS = "абвгдежзиклм"


def read_one_by_one(
    passage: Passage, asked: Sequence[tuple[float, Sequence[tuple[float, tuple[str, ...]]]]], mean: float
) -> Read:
    """The plain definition: every sentence with every word, one longer than the mean counting for less."""
    worths, held = [0.0], set()
    for sentence in passage:
        worth = 0.0
        for place, (weight, parts) in enumerate(asked):
            got = max((part for part, words in parts if not sentence.isdisjoint(words)), default=0.0)
            worth += weight * got
            if got > ABOVE:
                held.add(place)
        worths.append(worth * (1 / (1 + 0.25 * max(0.0, len(sentence) / mean - 1))))
    worths.append(0.0)
    best = max(
        here + 0.3 * max(before, after)
        for before, here, after in zip([0.0, *worths], worths, [*worths[1:], 0.0], strict=False)
    )
    return Read(best, frozenset(held))


def test_some_passages_are_read_as_if_sentence_by_sentence() -> None:
    drawn = random.Random(8)  # noqa: S311  no secret
    for _round in range(30):
        passages = [
            [frozenset(drawn.sample(WORDS, drawn.randint(1, 4))) for _sentence in range(drawn.randint(0, 5))]
            for _passage in range(drawn.choice([3, 40, 300]))
        ]
        sentences = Sentences(passages)
        lengths = [len(sentence) for passage in passages for sentence in passage]
        mean = sum(lengths) / max(1, len(lengths)) or 1.0
        asked = [
            (drawn.random(), [(part, sentences.standing(drawn.sample(WORDS, 2))) for part in (0.3, 0.6, 1.0)])
            for _word in range(4)
        ]
        chosen = drawn.sample(range(len(passages)), 3)
        found = sentences.read(chosen, [(weight, tuple(parts)) for weight, parts in asked], held_above=ABOVE)
        assert list(found) == [read_one_by_one(passages[number], asked, mean) for number in chosen]


def test_a_word_nobody_wrote_stands_nowhere() -> None:
    sentences = Sentences([[frozenset({"повестка", "явка"})], []])
    assert sentences.standing(["явка", "отсрочка"]) == ("явка",)
    [read, empty] = sentences.read([0, 1], [(2.0, ((1.0, ("явка",)),))], held_above=ABOVE)
    assert (read.best, read.held) == (2.0, {0})
    assert (empty.best, empty.held) == (0.0, set())


def test_of_two_sentences_that_hold_as_much_the_shorter_is_worth_more() -> None:
    long = frozenset(f"слово{number}" for number in range(20))
    sentences = Sentences([[long | {"явка"}], [frozenset({"явка", "срок"})]])
    [lost, kept] = sentences.read([0, 1], [(1.0, ((1.0, ("явка",)),))], held_above=ABOVE)
    assert lost.best < kept.best == 1.0
