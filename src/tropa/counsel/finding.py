"""Finds the passages that answer a question asked in a person's own words; says so when none fits.

Lexical, so that every hit can be explained: BM25 over dictionary forms, over stems and over runs of three letters, each
field of a passage with its own weight, then the best candidates ranked anew by how much of the question stands together
in one sentence. Words of the same field of meaning count, less than the word itself. A word nobody wrote, unless the
dictionary holds it, is read as the nearest word of the passages (typos) or as Russian in Latin letters.
No weights are downloaded and nothing is learned at run time; the few numbers below were chosen on texts written for
that, not on those the figures in docs/counsel.md are measured on.

Source of BM25: Robertson, Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009.
"""

from __future__ import annotations

import heapq
import math
import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from tropa.counsel.kindred import kindred
from tropa.counsel.spelling import Spelling
from tropa.counsel.synonyms import ASKING, same
from tropa.counsel.words import is_cyrillic, known, lemmas, stem, words

_SATURATION: Final = 1.2
_LENGTH: Final = 0.6
_TITLE: Final = 2.0
"""A word in a title counts as so many in the text."""
_STEM: Final = 0.5
"""What a hit on a stem weighs beside one on the dictionary form."""
_KINDRED: Final = 0.6
"""What a word of the same field of meaning weighs beside the word itself."""
_MISTYPED: Final = 0.8
"""What a word weighs that was read as another one."""
_RUN: Final = 1.5
"""What all the three-letter runs of a word weigh together, beside its dictionary form."""
_EVERYWHERE: Final = 0.5
"""A run in more than this share of many passages tells nothing and is left out."""
_MANY: Final = 500
_RUN_LENGTH: Final = 3
_TOGETHER: Final = 1.2
"""What the best sentence adds, as a share of the score of the whole passage."""
_FIRST: Final = 20
"""Candidates that are read sentence by sentence."""
_MOST_WORDS: Final = 64
"""Different words of a question that are looked up; the rarest, when there are more."""
_LONGEST: Final = 4_000
"""Characters of a question that are looked at; whoever writes more has said by then what it is about."""
_SENTENCE: Final = re.compile(r"(?<=[.!?…])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Passage:
    """What can be found: `asked` are questions it is known to answer."""

    id: str
    text: str
    title: str = ""
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that shares words with a question: `share` (0 to 1) is how much of the question it holds, `fit` how
    much of it, how often and how closely together, beside what the whole question weighs.
    """

    id: str
    score: float
    share: float
    fit: float


@dataclass(frozen=True, slots=True)
class _Term:
    """A word of a question as the passages know it: its dictionary forms, its stems, words of its field of meaning, and
    what it weighs; all three again as sentences hold them.
    """

    forms: tuple[str, ...]
    stems: tuple[str, ...]
    kindred: tuple[str, ...]
    weight: float
    itself: frozenset[str]
    relatives: frozenset[str]
    field: frozenset[str]


class Index:
    """Passages ready to be asked; made once, read by any number of threads."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        self.passages: Final = tuple(passages)
        forms, stems, runs = [], [], []
        self._sentences: list[tuple[frozenset[str], ...]] = []
        for passage in self.passages:
            counted: Counter[str] = Counter(_forms(passage.text))
            for form in _forms(passage.title):
                counted[form] += _TITLE  # type: ignore[assignment]  # a Counter adds fractions as well
            for question in passage.asked:
                counted.update(_forms(question))
            by_stem: Counter[str] = Counter()
            by_run: Counter[str] = Counter()
            for form, number in counted.items():
                by_stem[stem(form)] += number
                for run in _runs(form):
                    by_run[run] += number
            forms.append(counted)
            stems.append(by_stem)
            runs.append(by_run)
            parts = [*_SENTENCE.split(passage.text), *passage.asked]
            self._sentences.append(tuple(frozenset(_both(part)) for part in parts if part.strip()))
        self._by_form = _Postings(forms)
        self._by_stem = _Postings(stems)
        self._by_run = _Postings(runs, most=_EVERYWHERE if len(runs) > _MANY else 1.0)
        self._spelling = Spelling(self._by_form.rarity)

    def find(self, question: str, *, most: int = 5) -> tuple[Found, ...]:
        """The best `most` passages, best first; none when no word of the question stands anywhere."""
        terms = self._terms(question)
        whole = sum(term.weight for term in terms)
        if not whole:
            return ()
        scores: defaultdict[int, float] = defaultdict(float)
        for term in terms:
            self._by_form.add(term.forms, 1.0, scores, lesser=term.kindred)
            self._by_stem.add(term.stems, _STEM, scores)
            runs = _runs(term.forms[0])
            for run in runs:
                self._by_run.add((run,), _RUN / len(runs), scores)
        first = heapq.nsmallest(_FIRST, scores.items(), key=lambda item: (-item[1], item[0]))
        ranked = [self._read(number, score, terms, whole) for number, score in first]
        return tuple(sorted(ranked, key=lambda found: (-found.score, found.id))[:most])

    def _read(self, number: int, score: float, terms: Sequence[_Term], whole: float) -> Found:
        """A candidate with what its best sentence adds."""
        best = 0.0
        held: set[int] = set()
        for sentence in self._sentences[number]:
            here = 0.0
            for place, term in enumerate(terms):
                part = _part_of(term, sentence)
                if part:
                    here += term.weight * part
                    held.add(place)
            best = max(best, here)
        share = sum(terms[place].weight for place in held) / whole
        ranked = score * (1 + _TOGETHER * best / whole)
        return Found(self.passages[number].id, ranked, share, ranked / whole)

    def _terms(self, question: str) -> tuple[_Term, ...]:
        """The words of a question that say something, each once, the rarest `_MOST_WORDS`."""
        terms: dict[tuple[str, ...], _Term] = {}
        for word in words(question[:_LONGEST]):
            if word in ASKING:
                continue
            forms, share = self._forms_of(word)
            if forms and forms not in terms and not ASKING.issuperset(forms):
                terms[forms] = self._term(forms, share)
        kept = heapq.nlargest(_MOST_WORDS, terms.values(), key=lambda term: term.weight)
        return tuple(kept)

    def _term(self, forms: tuple[str, ...], share: float) -> _Term:
        stems = tuple(dict.fromkeys(stem(form) for form in forms))
        rarity = max(self._by_form.rarity_of(forms), _STEM * self._by_stem.rarity_of(stems))
        field = frozenset(other for form in forms for other in kindred(form)) - frozenset(forms)
        known_there = tuple(sorted(other for other in field if other in self._by_form.rarity))
        relatives = frozenset(f"~{one}" for one in stems)
        return _Term(forms, stems, known_there, rarity * share, frozenset(forms), relatives, field)

    def _forms_of(self, word: str) -> tuple[tuple[str, ...], float]:
        """The forms of a word with those that mean the same; of one neither passages nor dictionary hold, the nearest
        that a passage does. With what it weighs beside a word that was read as it stands.
        """
        forms = lemmas(word)
        wider = tuple(dict.fromkeys(other for form in forms for other in (form, *same(form))))
        if any(form in self._by_form.rarity for form in wider) or (is_cyrillic(word) and known(word)):
            return wider, 1.0
        near = self._spelling.nearest(word)
        if not near:
            return wider, 1.0
        return tuple(dict.fromkeys(other for form in near for other in (form, *same(form)))), _MISTYPED


class _Postings:
    """Which passages hold a word and what each occurrence is worth (BM25); nothing for words more than `most` hold."""

    def __init__(self, counted: Sequence[Counter[str]], *, most: float = 1.0) -> None:
        lengths = [sum(passage.values()) for passage in counted]
        mean = sum(lengths) / len(lengths) if lengths else 1.0
        held: defaultdict[str, int] = defaultdict(int)
        for passage in counted:
            for word in passage:
                held[word] += 1
        self.rarity: Final = {
            word: math.log(1 + (len(counted) - number + 0.5) / (number + 0.5))
            for word, number in held.items()
            if number <= most * len(counted)
        }
        self._where: Final = {word: (array("I"), array("f")) for word in self.rarity}
        for number, passage in enumerate(counted):
            drag = _SATURATION * (1 - _LENGTH + _LENGTH * lengths[number] / (mean or 1.0))
            for word, times in passage.items():
                if word in self._where:
                    numbers, worth = self._where[word]
                    numbers.append(number)
                    worth.append(times * (_SATURATION + 1) / (times + drag) * self.rarity[word])
        self._unseen = math.log(1 + (len(counted) + 0.5) / 0.5)

    def rarity_of(self, forms: Sequence[str]) -> float:
        """How much a word says: of several forms, that of the commonest; a word nobody wrote is rarest."""
        known = [self.rarity[form] for form in forms if form in self.rarity]
        return min(known) if known else self._unseen

    def add(
        self,
        forms: Sequence[str],
        weight: float,
        scores: defaultdict[int, float],
        *,
        lesser: Sequence[str] = (),
    ) -> None:
        """Add the worth of a word to the scores of the passages: of its forms the best one. Those that are `lesser` are
        worth less, and never more than the word itself would be.
        """
        held = [(*self._where[form], weight) for form in forms if form in self._where]
        if lesser:
            rarity = self.rarity_of(forms)
            held += [
                (*self._where[form], weight * _KINDRED * min(1.0, rarity / self.rarity[form]))
                for form in lesser
            ]
        if len(held) == 1:
            numbers, worths, share = held[0]
            for number, worth in zip(numbers, worths, strict=True):
                scores[number] += worth * share
            return
        best: dict[int, float] = {}
        for numbers, worths, share in held:
            for number, worth in zip(numbers, worths, strict=True):
                if worth * share > best.get(number, 0.0):
                    best[number] = worth * share
        for number, worth in best.items():
            scores[number] += worth


def _forms(text: str) -> list[str]:
    return [form for word in words(text) for form in lemmas(word)]


@lru_cache(maxsize=50_000)
def _runs(form: str) -> tuple[str, ...]:
    """Three letters each, the ends of the word marked; a number is one run."""
    marked = f"^{form}$"
    if form.isdigit() or len(form) < _RUN_LENGTH:
        return (marked,)
    return tuple(dict.fromkeys(marked[at : at + _RUN_LENGTH] for at in range(len(marked) - _RUN_LENGTH + 1)))


def _both(text: str) -> Iterable[str]:
    """Dictionary forms, and stems marked as such."""
    for form in _forms(text):
        yield form
        yield f"~{stem(form)}"


def _part_of(term: _Term, sentence: frozenset[str]) -> float:
    """1 when the sentence holds the word, `_STEM` when only a relative of it, else 0."""
    if not term.itself.isdisjoint(sentence):
        return 1.0
    if not term.field.isdisjoint(sentence):
        return _KINDRED
    return 0.0 if term.relatives.isdisjoint(sentence) else _STEM
