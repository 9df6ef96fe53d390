"""The triage card as it is posted. Unknown answers are left out; nothing else of the card is lost by them."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from tropa.desk.cases.card import SEVERAL, SINGLE, Card


def card_from(posted: QueryDict) -> Card:
    """The card these answers make."""
    answers: dict[str, Any] = {}
    for name, kind in SINGLE.items():
        value = posted.get(name, "")
        if value in set(kind):
            answers[name] = kind(value)
    for name, kind in SEVERAL.items():
        answers[name] = frozenset(kind(value) for value in posted.getlist(name) if value in set(kind))
    return Card(**answers)


def version_from(posted: QueryDict) -> int:
    """The version the form was filled in from; 0 when it does not say."""
    text = posted.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
