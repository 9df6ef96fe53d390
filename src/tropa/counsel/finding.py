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
import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Final

from tropa.counsel.kindred import kindred, kindred_stems
from tropa.counsel.postings import KINDRED, Postings
from tropa.counsel.sentences import BEST, Parts, Read, Sentences
from tropa.counsel.spelling import Spelling
from tropa.counsel.synonyms import ASKING, same, small_talk
from tropa.counsel.words import is_cyrillic, known, lemmas, stem, words

_TITLE: Final = 2.0
"""A word in a title counts as so many in the text."""
_STEM: Final = 0.5
"""What a hit on a stem weighs beside one on the dictionary form."""
_FAR: Final = 0.4
"""What a sentence gets for a word of the field of a relative: asked «путешественник», written «поездка», which the list
holds beside «путешествие»."""
_MISTYPED: Final = 0.8
"""What a word weighs that was read as another one."""
_RUN: Final = 1.0
"""What all the three-letter runs of a word weigh together, beside its dictionary form."""
_EVERYWHERE: Final = 0.5
"""A run in more than this share of many passages tells nothing and is left out."""
_MANY: Final = 500
_READY: Final = 1_000
"""Words of questions that are kept as the passages know them: some hundred bytes each."""
_RUN_LENGTH: Final = 3
_TOGETHER: Final = 2.0
"""What the best sentence adds, as a share of the score of the whole passage."""
_MOST_ADDED: Final = (1 + _TOGETHER * BEST) * (1 + 1e-9)
"""What the best sentence can make of the score of a passage, and what rounding can."""
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
    much of it, how often and how closely together, beside what the whole question weighs; `telling` is how many
    words of the question it holds that are not small talk.
    """

    id: str
    score: float
    share: float
    fit: float
    telling: int


@dataclass(frozen=True, slots=True)
class _Term:
    """A word of a question as the passages know it: what it weighs, its worth in each passage that holds anything of
    it, and what a sentence gets for it, for a word of its field of meaning or for a relative.
    """

    weight: float
    telling: bool
    passages: array[int]
    worths: array[float]
    parts: Parts


class Index:
    """Passages ready to be asked; made once, read by any number of threads."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        self.passages: Final = tuple(passages)
        forms, stems, runs = [], [], []
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
        self._sentences = Sentences(map(_sentences, self.passages))
        self._by_form = Postings(forms)
        self._by_stem = Postings(stems)
        self._by_run = Postings(runs, most=_EVERYWHERE if len(runs) > _MANY else 1.0)
        self._spelling = Spelling(self._by_form.rarity)
        _runs.cache_clear()
        # words of the passages alone are kept ready, and none that only a person wrote
        self._ready = lru_cache(maxsize=_READY if len(self.passages) <= _MANY else 0)(self._term)

    def find(self, question: str, *, most: int = 5, least: float = 0.0) -> tuple[Found, ...]:
        """The best `most` passages that fit at least so well, best first; none when no word of the question stands
        anywhere. Candidates that could not fit so well are not read.
        """
        terms = self._terms(question)
        whole = sum(term.weight for term in terms)
        if not whole:
            return ()
        scores: defaultdict[int, float] = defaultdict(float)
        for term in terms:
            for number, worth in zip(term.passages, term.worths, strict=True):
                scores[number] += worth
        # of equal scores the passage that comes first: sorting keeps their order
        first = sorted(sorted(scores), key=scores.__getitem__, reverse=True)[:_FIRST]
        needed = least * whole / _MOST_ADDED
        first = [number for number in first if scores[number] >= needed]
        read = self._sentences.read(first, [(term.weight, term.parts) for term in terms], held_above=_FAR)
        ranked = [
            (-scores[number] * (1 + _TOGETHER * one.best / whole), self.passages[number].id, one)
            for number, one in zip(first, read, strict=True)
        ]
        best = sorted(ranked, key=itemgetter(0, 1))[:most]
        found = (_found(name, -score, one, terms, whole) for score, name, one in best)
        return tuple(one for one in found if one.fit >= least)

    def _terms(self, question: str) -> tuple[_Term, ...]:
        """The words of a question that say something, each once, the rarest `_MOST_WORDS`."""
        terms: dict[tuple[str, ...], _Term] = {}
        for word in dict.fromkeys(words(question[:_LONGEST])):
            if word in ASKING:
                continue
            forms, share = self._forms_of(word)
            if forms and forms not in terms and not ASKING.issuperset(forms):
                held = any(form in self._by_form.rarity for form in forms)
                terms[forms] = (self._ready if held else self._term)(forms, share)
        kept = heapq.nlargest(_MOST_WORDS, terms.values(), key=lambda term: term.weight)
        return tuple(kept)

    def _term(self, forms: tuple[str, ...], share: float) -> _Term:
        """A word by its dictionary forms; `share` as `_forms_of` tells it."""
        stems = tuple(dict.fromkeys(stem(form) for form in forms))
        rarity = max(self._by_form.rarity_of(forms), _STEM * self._by_stem.rarity_of(stems))
        field = frozenset(other for form in forms for other in kindred(form)) - frozenset(forms)
        around = frozenset(other for form in forms for other in kindred_stems(form)).difference(stems)
        standing = self._sentences.standing
        worths: defaultdict[int, float] = defaultdict(float)
        beside = sorted(other for other in field if other in self._by_form.rarity)
        self._by_form.add(forms, 1.0, worths, lesser=beside)
        beside = sorted(other for other in around if other in self._by_stem.rarity)
        self._by_stem.add(stems, _STEM, worths, lesser=beside)
        runs = _runs(forms[0])
        for run in runs:
            self._by_run.add((run,), _RUN / len(runs), worths)
        return _Term(
            weight=rarity * share,
            telling=forms[0] not in small_talk(),
            passages=array("I", worths),
            worths=array("d", worths.values()),
            parts=(
                (_FAR, standing(f"~{one}" for one in around)),
                (_STEM, standing(f"~{one}" for one in stems)),
                (KINDRED, standing(field)),
                (1.0, standing(forms)),
            ),
        )

    def _forms_of(self, word: str) -> tuple[tuple[str, ...], float]:
        """The forms of a word with those that mean the same; of one neither passages nor dictionary hold, the nearest
        that a passage does. With what it weighs beside a word that was read as it stands.
        """
        wider = _with_the_same(lemmas(word))
        if any(form in self._by_form.rarity for form in wider) or (is_cyrillic(word) and known(word)):
            return wider, 1.0
        near = self._spelling.nearest(word)
        if not near:
            return wider, 1.0
        return _with_the_same(near), _MISTYPED


def _found(name: str, score: float, read: Read, terms: Sequence[_Term], whole: float) -> Found:
    held = [terms[place] for place in sorted(read.held)]
    share = sum(term.weight for term in held) / whole
    return Found(name, score, share, score / whole, telling=sum(term.telling for term in held))


@lru_cache(maxsize=4_000)
def _with_the_same(forms: tuple[str, ...]) -> tuple[str, ...]:
    """Dictionary forms, each with those that mean the same."""
    return tuple(dict.fromkeys(other for form in forms for other in (form, *same(form))))


def _forms(text: str) -> list[str]:
    return [form for word in words(text) for form in lemmas(word)]


@lru_cache(maxsize=50_000)
def _runs(form: str) -> tuple[str, ...]:
    """Three letters each, the ends of the word marked; a number is one run."""
    marked = f"^{form}$"
    if form.isdigit() or len(form) < _RUN_LENGTH:
        return (marked,)
    return tuple(dict.fromkeys(marked[at : at + _RUN_LENGTH] for at in range(len(marked) - _RUN_LENGTH + 1)))


def _sentences(passage: Passage) -> Iterable[frozenset[str]]:
    parts = [*_SENTENCE.split(passage.text), *passage.asked]
    return (frozenset(_both(part)) for part in parts if part.strip())


def _both(text: str) -> Iterable[str]:
    """Dictionary forms, and stems marked as such."""
    for form in _forms(text):
        yield form
        yield f"~{stem(form)}"
