"""What the drop makes once a process, made before anybody asks.

Else the first to come back after a start would wait for both word lists to be indexed, and everybody after
them would be answered faster: a difference that is not theirs to show.
"""

from __future__ import annotations

from tropa.desk.library.at_arrival import warm_arrivals
from tropa.drop.views.style import squeezed
from tropa.envelope import Language
from tropa.envelope.wordlist import word_list


def warm_up() -> None:
    """Index the word lists, squeeze the style sheet, read what danger sounds like and what answers say."""
    for language in Language:
        word_list(language)
    squeezed()
    warm_arrivals()
