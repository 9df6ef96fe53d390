"""An answer's title in the page's language, wherever only its id is known."""

from __future__ import annotations

from tropa.desk.library.in_force import library
from tropa.desk.library.words import page_language


def title_of_answer(answer_id: str) -> str:
    """The title; the id of an answer the library no longer holds."""
    answer = library().answers.get(answer_id)
    return answer_id if answer is None else answer.in_language(page_language())[0]
