"""What the plans app does for the other apps. The rules stand in the modules beneath."""

from __future__ import annotations

from tropa.desk.plans.check_ins import MissedCheckIn, missed_check_ins
from tropa.desk.plans.releasing import release_step, withdraw
from tropa.desk.plans.review import approve, ask_review, return_plan
from tropa.desk.plans.working_facts import SavedFacts, compute, save_facts, saved_facts

__all__ = [
    "MissedCheckIn",
    "SavedFacts",
    "approve",
    "ask_review",
    "compute",
    "missed_check_ins",
    "release_step",
    "return_plan",
    "save_facts",
    "saved_facts",
    "withdraw",
]
