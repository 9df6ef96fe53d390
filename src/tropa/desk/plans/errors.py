"""What the plans services refuse.

PlansError
├── ChangedMeanwhile     somebody saved another version in between; what was typed is still on the page
├── FactsDoNotOpen       the saved facts are damaged or were put there by nobody who holds the case (carries
│                        `version`, over which they may be saved anew)
├── WrongFacts           the facts cannot be planned on; every problem is named (carries `problems`)
├── PlannerAway          the planner did not answer; nothing is lost, asking again is safe
├── NotThisPlan          the plan asked about is not among those computed from the saved facts
├── WrongState           the plan or step is not in the state this act needs
├── NotAReviewer         this person is certified for other work than writing or approving plans
├── OwnPlan              the author of a plan asked to approve or return it
├── Altered              a stored plan does not match its digests or signatures: it was changed outside
├── Overdue              the plan's day has passed
├── FactsClosed          facts the plan rests on may not be used today (carries `facts`)
├── FactsChanged         facts the plan rests on say something else since it was written
└── OutOfTurn            an earlier step has not been acknowledged yet
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tropa.atlas import Standing
from tropa.planning.errors import PersonProblem


class PlansError(Exception):
    """Root of what the plans services refuse."""


class ChangedMeanwhile(PlansError):
    """Another version was saved in between."""


class FactsDoNotOpen(PlansError):
    """What is stored as facts cannot be opened or read."""

    def __init__(self, version: int) -> None:
        super().__init__(f"facts of version {version}")
        self.version = version


class WrongFacts(PlansError):
    """The facts cannot be planned on."""

    def __init__(self, problems: tuple[PersonProblem, ...]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


class PlannerAway(PlansError):
    """The planner did not answer."""


class NotThisPlan(PlansError):
    """No such plan in the computed set."""


class WrongState(PlansError):
    """Not possible in this state."""


class NotAReviewer(PlansError):
    """Neither adviser nor coordinator: what they signed would never be shown."""


class OwnPlan(PlansError):
    """Authors do not decide about their own plans."""


class Altered(PlansError):
    """A stored plan was changed outside the desk."""


class Overdue(PlansError):
    """The plan has run out."""


@dataclass(frozen=True, slots=True)
class ClosedFact:
    """A fact that may not be used: why, since when it should have been reviewed, and which role owns it."""

    id: str
    standing: Standing | None  # None: the atlas in force no longer has it
    review_by: date | None
    owner: str


class FactsClosed(PlansError):
    """Facts the plan rests on may not be used today."""

    def __init__(self, facts: tuple[ClosedFact, ...]) -> None:
        super().__init__(f"{len(facts)} facts")
        self.facts = facts


class FactsChanged(PlansError):
    """Facts the plan rests on were changed since it was written: it has to be computed and looked at anew."""


class OutOfTurn(PlansError):
    """An earlier step comes first."""


class CheckInPast(PlansError):
    """Nobody can say by a moment that is over how it went."""
