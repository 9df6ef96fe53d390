"""The interview: time of a state, questions to a conclusion. Processor time; people are drawn, none exists."""

from __future__ import annotations

import time
from statistics import median

from tools.bench.results import Results
from tropa.atlas import EXAMPLE_DAY, SHIPPED_PACK, load_pack
from tropa.atlas.dice import Dice
from tropa.counsel.interview import Answers, Interview, Law, interview, read_book
from tropa.counsel.interview.drawn import drawn_answers, play

ROOM = "interview"
PEOPLE = 500
LOOKED_AT = 40
SEED = 20261122


def interview_room(results: Results) -> None:
    """What is promised of the interview: 20 ms a state, half of 500 people settled by eight questions."""
    law = Law(read_book(), load_pack(SHIPPED_PACK, reviewed_as_of=EXAMPLE_DAY))
    dice = Dice(SEED)
    interview(law, Answers(), EXAMPLE_DAY)
    to_topic, asked = [], []
    begun = time.process_time()
    for _person in range(PEOPLE):
        played = play(law, drawn_answers(law, dice, EXAMPLE_DAY), EXAMPLE_DAY)
        to_topic.append(played.to_topic)
        asked.append(played.asked)
    states = sum(asked) + PEOPLE
    taken = (time.process_time() - begun) * 1000 / states
    results.add(ROOM, f"next question and conclusions, mean of {states} states, CPU", taken, "ms", most=20)
    what = f"next question and conclusions, the dearest state of {LOOKED_AT} people, CPU"
    results.add(ROOM, what, _dearest(law, dice), "ms", most=20)
    what = f"questions until all of one's topic is settled, median of {PEOPLE} drawn people"
    results.add(ROOM, what, median(to_topic), "questions", most=8)
    results.add(ROOM, "questions until nothing is left to ask, median", median(asked), "questions")


def _dearest(law: Law, dice: Dice) -> float:
    """Milliseconds of the dearest state on the way of some people; each the least of three runs."""
    dearest = 0.0
    for _person in range(LOOKED_AT):
        truth = drawn_answers(law, dice, EXAMPLE_DAY)
        answers, skipped = Answers(), set[str]()
        while True:
            taken, result = _timed(law, answers, skipped)
            dearest = max(dearest, taken)
            question = result.next_question
            if question is None:
                break
            if question in truth.given:
                answers = answers.with_one(question, truth.given[question])
            else:
                skipped.add(question)
    return dearest


def _timed(law: Law, answers: Answers, skipped: set[str]) -> tuple[float, Interview]:
    least = float("inf")
    for _run in range(3):
        begun = time.process_time()
        result = interview(law, answers, EXAMPLE_DAY, skipped=skipped)
        least = min(least, (time.process_time() - begun) * 1000)
    return least, result
