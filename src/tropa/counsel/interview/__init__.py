"""The interview: short questions in any order, and what follows from the answers on a day, with reasons and dates.

`read_book()` reads the rule texts, `Law(book, atlas)` holds them against the atlas, `interview(law, answers, day)` says
where somebody stands and what to ask next, `Teller(law, language)` puts it into words. Pure: nothing is kept between
two calls. docs/counsel.md describes the rule texts.
"""

from tropa.counsel.interview.answering import Answers, NotKnown, read_answer, read_answers, written_as
from tropa.counsel.interview.book import Book
from tropa.counsel.interview.engine import Finding, State, WhyPerson
from tropa.counsel.interview.errors import AnswerProblem, BadAnswers, Fault, Reason, RulesRefused, Wrong
from tropa.counsel.interview.interview import Interview, interview
from tropa.counsel.interview.law import Law
from tropa.counsel.interview.reading import SHIPPED_RULES, book_of, read_book
from tropa.counsel.interview.telling import Teller, Told

__all__ = [
    "SHIPPED_RULES",
    "AnswerProblem",
    "Answers",
    "BadAnswers",
    "Book",
    "Fault",
    "Finding",
    "Interview",
    "Law",
    "NotKnown",
    "Reason",
    "RulesRefused",
    "State",
    "Teller",
    "Told",
    "WhyPerson",
    "Wrong",
    "book_of",
    "interview",
    "read_answer",
    "read_answers",
    "read_book",
    "written_as",
]
