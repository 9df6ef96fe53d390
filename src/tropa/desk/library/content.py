"""What a proposed text is stored as: one canonical JSON with the answer, what its facts said, and why.

Format 1. `was` is the digest of the answer it takes the place of, "" for a new one. Refused: another format, and
everything the reader of library files refuses.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from tropa.counsel.library import Answer, LibraryError, Topic, answer_from, record_of

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Content:
    """A text proposed: `why` is the author's sentence to whoever decides."""

    answer: Answer
    was: str
    why: str

    def encode(self) -> str:
        """The canonical JSON."""
        told = {
            "format": FORMAT,
            "topic": self.answer.topic.value,
            "answer": record_of(self.answer),
            "said": dict(self.answer.says),
            "was": self.was,
            "why": self.why,
        }
        return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read_content(text: str) -> Content:
    """What a stored text says. Raises ValueError for what this version cannot read."""
    try:
        told = json.loads(text)
        if told["format"] != FORMAT:
            raise ValueError("a format nobody knows")
        answer = answer_from(told["answer"], topic=Topic(told["topic"]), said=dict(told["said"]))
        return Content(answer, str(told["was"]), str(told["why"]))
    except (KeyError, TypeError, AttributeError, LibraryError) as error:
        raise ValueError(str(error)) from None
