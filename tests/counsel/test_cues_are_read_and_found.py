"""Cues: each notation of the file means what its head says, and a faulty line is refused."""

from __future__ import annotations

import pytest

from tropa.counsel.cues import NEAR, read_cues, tokens_of
from tropa.counsel.danger import CUES
from tropa.counsel.errors import BadCue
from tropa.counsel.marked import Danger


def found(cue: str, text: str) -> bool:
    return bool(read_cues([f"soldier: {cue}"]).within(tokens_of(text)))


@pytest.mark.parametrize(
    ("cue", "yes", "no"),
    [
        ("яма", "сидит в яме", "имя его Иван"),
        ("дезерт*", "дизертировал", "десант"),
        ("=служу", "служу", "служил"),
        ("бил", "бил меня", "был дома"),
        ("^арест", "арест", "не арест"),
        ("в_части", "сижу в части", "части в"),
        ("мне #teen", "мне 17", "мне 18"),
        ("держать яма", "в яме нас держат", "держат в доме"),
        ("война - дед", "война началась", "на войне был дед"),
        ("a|b", "a", "c"),
    ],
)
def test_each_notation_means_what_the_file_says(cue: str, yes: str, no: str) -> None:
    assert found(cue, yes)
    assert not found(cue, no)


def test_words_too_far_apart_are_no_cue() -> None:
    assert found("держать яма", "держат" + " там" * (NEAR - 1) + " в яме") is False
    assert found("держать яма", "держат" + " там" * (NEAR - 2) + " в яме")


@pytest.mark.parametrize("line", ["без двоеточия", "soldier: ", "soldier: | |"])
def test_a_line_that_is_no_cue_is_refused_with_its_number(line: str) -> None:
    with pytest.raises(BadCue, match="line 2"):
        read_cues(["# head", line])


def test_every_shipped_cue_names_a_danger_and_every_danger_has_cues() -> None:
    with CUES.open(encoding="utf-8") as lines:
        kinds = {cue.kind for cue in read_cues(lines).all}
    assert kinds == {danger.value for danger in Danger}
