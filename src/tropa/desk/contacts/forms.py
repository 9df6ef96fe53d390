"""The form of a new list. It checks shape only; what may stand on a list is decided by the service."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from tropa.channels.catalogue import catalogue
from tropa.envelope import BadContactList, ContactPoint

ROWS = 10
FREE_ROWS = 3  # empty lines below what stands on the list now
MOST_DAYS, USUAL_DAYS = 92, 60


@dataclass(frozen=True, slots=True)
class PointRow:
    """The three fields of one line."""

    number: int
    all: tuple[forms.BoundField, ...]


class ListForm(forms.Form):
    """Up to ten contact points, and for how many days the list is in force."""

    days = forms.IntegerField(
        label=_("In force for so many days"),
        min_value=1,
        max_value=MOST_DAYS,
        initial=USUAL_DAYS,
        help_text=_("92 at most. A list that runs out is shown to nobody: sign the next one before."),
        widget=forms.NumberInput(attrs={"class": "input"}),
    )

    def __init__(self, *arguments: object, points: Sequence[ContactPoint] = (), **named: object) -> None:
        super().__init__(*arguments, **named)  # type: ignore[arg-type]
        self._shown = ROWS if self.is_bound else min(ROWS, len(points) + FREE_ROWS)
        choices = [("", "—"), *channel_choices()]
        for number in range(ROWS):
            point = points[number] if number < len(points) else None
            self.fields[f"channel-{number}"] = forms.ChoiceField(
                label=_("Channel"),
                choices=choices,
                required=False,
                initial=point.channel if point else "",
                widget=forms.Select(attrs={"class": "input"}),
            )
            self.fields[f"address-{number}"] = forms.CharField(
                label=_("Address"),
                max_length=200,
                required=False,
                initial=point.address if point else "",
                widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
            )
            self.fields[f"since-{number}"] = forms.DateField(
                label=_("Ours since"),
                required=False,
                initial=point.since if point else None,
                widget=forms.DateInput(attrs={"class": "input", "type": "date"}, format="%Y-%m-%d"),
            )

    def rows(self) -> Iterator[PointRow]:
        """The lines, for the template: all that were posted, else what there is and a few empty ones."""
        for number in range(self._shown):
            fields = tuple(self[f"{name}-{number}"] for name in ("channel", "address", "since"))
            yield PointRow(number + 1, fields)

    def points(self, today: date) -> tuple[ContactPoint, ...]:
        """What was typed; a line without an address is none, one without a day is ours since today. Raises
        BadContactList.
        """
        typed = self.cleaned_data
        found = []
        for number in range(ROWS):
            address = typed[f"address-{number}"]
            if not address:
                continue
            if not typed[f"channel-{number}"]:
                raise BadContactList("a channel is missing")
            found.append(ContactPoint(typed[f"channel-{number}"], address, typed[f"since-{number}"] or today))
        return tuple(found)


def channel_choices() -> list[tuple[str, str]]:
    """Every channel there can be a point on, with what people call it."""
    return [("drop", str(_("our site"))), *((str(name), about.title) for name, about in catalogue().items())]
