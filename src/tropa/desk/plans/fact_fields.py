"""The fields of the form of facts, made once for each language and state of the atlas.

Kept true: a field says only what the atlas and the catalogue of words say, nothing of a person; forms of all requests
share it and change nothing in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tropa.atlas import Answer, Atlas, PlaceKind, ProfileClass, ProtectionKind, Status
from tropa.desk.facts import atlas
from tropa.desk.pages.fact_words import in_page_language, named
from tropa.desk.plans import wording
from tropa.planning.person import LARGEST_AMOUNT, WishVerdict

HOME = "RU"
Fields = Mapping[str, forms.Field]
_kept: dict[tuple[str, str | None], tuple[Atlas, Fields]] = {}


class DayInput(forms.DateInput):
    """A date as browsers ask for it: a native picker, and ISO text where there is none."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def day_field(label: str) -> forms.DateField:
    """An optional day."""
    return forms.DateField(label=label, required=False, widget=DayInput(), input_formats=["%Y-%m-%d"])


def fields_of_everybody() -> Fields:
    """What is asked of everybody: place and service, papers, statuses, money, and the version."""
    return _made_once("everybody", _everybody)


def companion_fields(number: int) -> Fields:
    """What is asked of one who travels along."""
    return _made_once(f"companion {number}", lambda: _companion_fields(number))


def wish_field() -> forms.Field:
    """The choice behind every wish."""
    return _made_once("wish", _wish)["wish"]


def _made_once(what: str, make: Callable[[], Fields]) -> Fields:
    world, key = atlas(), (what, get_language())
    kept = _kept.get(key)
    if kept is None or kept[0] is not world:
        kept = _kept[key] = (world, make())
    return kept[1]


def _everybody() -> Fields:
    fields = _own_fields()
    for paper in atlas().papers:
        fields[f"paper-{paper}"] = forms.BooleanField(required=False, label=named(paper))
        fields[f"until-{paper}"] = day_field(_("valid until"))
    for status in Status:
        choices = [("", _("not asked")), *((answer.value, wording.answer(answer)) for answer in Answer)]
        fields[f"status-{status}"] = forms.ChoiceField(
            label=wording.status(status), choices=choices, required=False
        )
    fields["version"] = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
    return fields


def _wish() -> Fields:
    choices = [(verdict.value, verdict.value) for verdict in WishVerdict]
    return {"wish": forms.ChoiceField(choices=choices, required=False, widget=forms.RadioSelect)}


def _own_fields() -> dict[str, forms.Field]:
    havens = [("", _("any")), *((kind.value, wording.haven(kind)) for kind in ProtectionKind)]
    profiles = [(kind.value, wording.profile(kind)) for kind in ProfileClass]
    return {
        "place": forms.ChoiceField(label=_("Where now"), choices=_places()),
        "profile": forms.ChoiceField(label=_("Service"), choices=profiles),
        "entered": day_field(_("Entered this country")),
        "deadline": day_field(_("Must have left by")),
        "money_euros": _amount(_("In hand, €")),
        "income_euros": _amount(_("A month, €")),
        "further_papers": forms.TypedChoiceField(
            label=_("Papers to apply for, at most"), coerce=int, choices=[(n, str(n)) for n in range(5)]
        ),
        "least_haven": forms.ChoiceField(label=_("At least"), choices=havens, required=False),
    }


def _companion_fields(number: int) -> dict[str, forms.Field]:
    profiles = [(kind.value, wording.profile(kind)) for kind in ProfileClass]
    passports = [
        (paper, named(paper)) for paper, fact in atlas().papers.items() if fact.value.travel_document
    ]
    return {
        f"with-{number}-relation": forms.CharField(label=_("Who"), required=False, max_length=40),
        f"with-{number}-profile": forms.ChoiceField(label=_("Service"), choices=profiles, required=False),
        f"with-{number}-paper": forms.MultipleChoiceField(
            label=_("Papers"), choices=passports, required=False, widget=forms.CheckboxSelectMultiple
        ),
        f"with-{number}-until": day_field(_("valid until")),
    }


def _amount(label: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=LARGEST_AMOUNT,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


def _places() -> list[tuple[str, list[tuple[str, str]]]]:
    """Cities and airports by country, Russia first."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for place, fact in atlas().places.items():
        if fact.value.what is not PlaceKind.POST:
            groups.setdefault(fact.value.country, []).append((place, in_page_language(fact.value.name)))
    ordered = sorted(groups, key=lambda code: (code != HOME, named(code)))
    return [(named(code), sorted(groups[code], key=lambda pair: pair[1])) for code in ordered]
