"""Counsel: finding among two thousand answers and in texts of an encyclopaedia, danger on texts held out, and a peak of
questions grouped.

The two thousand are the shipped answers' own sentences, shuffled anew by a fixed seed; the peak is the marked questions
with greetings and typing errors.
"""

from __future__ import annotations

import random
import re
import resource
import time

from tools.bench.results import Results
from tropa.counsel import bench
from tropa.counsel.asking import Asking, passage_of
from tropa.counsel.danger import recognise
from tropa.counsel.danger_measure import measure
from tropa.counsel.finding import Index, Passage
from tropa.counsel.grouping import Question, group
from tropa.counsel.library import SHIPPED_LIBRARY, Library, load_library
from tropa.counsel.marked import HELD_OUT, SETS, read_marked

ROOM = "counsel"
ANSWERS = 2_000
PEAK = 1_500
GREETINGS = ("", "здравствуйте ", "подскажите пожалуйста ", "привет, ", "доброй ночи! ", "срочно ")


def counsel(results: Results) -> None:
    """Measure finding, danger and grouping."""
    library = load_library(SHIPPED_LIBRARY)
    questions = _marked("questions_held_out.txt")
    _right(library, questions, results)
    _many(library, [text for _, text in questions], results)
    _reading(results)
    _danger(results)
    _peak([text for _, text in questions], results)


def _right(library: Library, questions: list[tuple[str, str]], results: Results) -> None:
    asking = Asking(library)
    found = [
        (topic, [library.answer(one.id).topic.value for one in asking.nearest(text)])
        for topic, text in questions
    ]
    first = sum(topics[:1] == [topic] for topic, topics in found) / len(found)
    three = sum(topic in topics for topic, topics in found) / len(found)
    results.add(ROOM, "right topic first, questions held out", first, "", least=0.85)
    results.add(ROOM, "right topic among three, questions held out", three, "", least=0.95)


def _many(library: Library, questions: list[str], results: Results) -> None:
    chance = random.Random(8)  # noqa: S311  # the same answers each time
    passages = [passage_of(answer) for answer in library.answers.values()]
    sentences = [part for passage in passages for part in re.split(r"(?<=[.])\s+", passage.text)]
    asked = [question for passage in passages for question in passage.asked]
    before, began = _memory(), time.process_time()
    index = Index(
        Passage(str(number), " ".join(chance.sample(sentences, 12)), asked=tuple(chance.sample(asked, 6)))
        for number in range(ANSWERS)
    )
    results.add(ROOM, "index of 2,000 answers, CPU", time.process_time() - began, "s")
    results.add(ROOM, "  its memory", _memory() - before, "MB")
    began = time.process_time()
    for question in questions:
        index.find(question)
    spent = (time.process_time() - began) / len(questions) * 1000
    results.add(ROOM, "CPU of a search in 2,000 answers", spent, "ms", most=10)


def _reading(results: Results) -> None:
    """Passages in groups of five about one thing, held out: asked about in four ways."""
    for how, name in (
        ("in other words", "reading_held_out"),
        ("close to a sentence", "near_held_out"),
        ("without its name", "close_held_out"),
        ("as if translated apart", "apart_held_out"),
    ):
        with (SETS / f"{name}.jsonl").open(encoding="utf-8") as lines:
            passages, queries = bench.read_bench(lines)
        measured = bench.measure(passages, queries, clock=time.process_time)
        results.add(ROOM, f"passage first, asked {how}, held out", measured.first, "")
        results.add(ROOM, "  among five", measured.first_five, "")


def _danger(results: Results) -> None:
    with HELD_OUT.open(encoding="utf-8") as lines:
        texts = read_marked(lines)
    began = time.process_time()
    measured = measure(texts)
    spent = (time.process_time() - began) / len(texts) * 1000
    results.add(
        ROOM, f"danger recognised, of {measured.recalled.of}", measured.recalled.value, "", least=0.99
    )
    results.add(ROOM, "  lower bound at 95 %", measured.recalled.bounds[0], "")
    results.add(ROOM, f"false alarms, of {measured.alarmed.of}", measured.alarmed.value, "", most=0.20)
    results.add(ROOM, "  upper bound at 95 %", measured.alarmed.bounds[1], "")
    results.add(ROOM, "CPU of a text judged", spent, "ms")
    began = time.process_time()
    recognise(" ".join(f"слово{number}" for number in range(5_000))[:50_000])
    results.add(ROOM, "CPU of 50,000 characters judged", (time.process_time() - began) * 1000, "ms")


def _peak(texts: list[str], results: Results) -> None:
    chance = random.Random(8)  # noqa: S311
    asked = [
        Question(f"{number:04}", chance.choice(GREETINGS) + _mistyped(chance.choice(texts), chance))
        for number in range(PEAK)
    ]
    began = time.process_time()
    groups = group(asked)
    results.add(ROOM, "1,500 questions grouped, CPU", time.process_time() - began, "s", most=5)
    results.add(ROOM, "  in a group", sum(len(one.members) for one in groups), "")


def _mistyped(text: str, chance: random.Random) -> str:
    """Two letters swapped, in one text of three."""
    at = chance.randrange(1, max(2, len(text) - 2))
    return text if chance.random() > 1 / 3 else text[:at] + text[at : at + 2][::-1] + text[at + 2 :]


def _marked(name: str) -> list[tuple[str, str]]:
    lines = (SETS / name).read_text(encoding="utf-8").splitlines()
    parts = [line.partition(" | ") for line in lines if line.strip() and not line.startswith("#")]
    return [(topic, text) for topic, _, text in parts]


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
