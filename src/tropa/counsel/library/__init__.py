"""The answer library: dated texts for people, each resting on facts of the atlas, and whether one may be given today.

Pure: text files in, values out; the day and the atlas are handed in. A text that rests on a fact that is gone, overdue,
stopped, disputed or has changed since the text was last read is never given.
"""

from tropa.counsel.library.answer import Answer, Language, Length, Library, Topic
from tropa.counsel.library.errors import AnswerRefused, LibraryError, UnknownAnswer
from tropa.counsel.library.given import Given, given
from tropa.counsel.library.loading import SHIPPED_LIBRARY, load_library
from tropa.counsel.library.state import Judged, Reason, State, Why, judge
from tropa.counsel.library.writing import answer_from, record_of, wording

__all__ = [
    "SHIPPED_LIBRARY",
    "Answer",
    "AnswerRefused",
    "Given",
    "Judged",
    "Language",
    "Length",
    "Library",
    "LibraryError",
    "Reason",
    "State",
    "Topic",
    "UnknownAnswer",
    "Why",
    "answer_from",
    "given",
    "judge",
    "load_library",
    "record_of",
    "wording",
]
