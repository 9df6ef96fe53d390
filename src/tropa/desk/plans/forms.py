"""The facts of a person as a form, and back. One field a fact; nothing is typed that could be chosen.

Kept true: what the form does not show (past stays, wishes about single legs and papers) is carried over from
the facts it was opened with, and what a browser sends is a `PersonFacts` or a list of problems beside the
fields they belong to.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, cast

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from tropa.atlas import Answer, Mode, Office, ProfileClass, ProtectionKind, Status
from tropa.desk.facts import atlas
from tropa.desk.pages.fact_words import named
from tropa.desk.plans import wording
from tropa.desk.plans.fact_fields import companion_fields, fields_of_everybody, wish_field
from tropa.desk.plans.form_rows import CompanionRow, PaperRow, WishRow
from tropa.planning.errors import BadPerson, PersonProblem
from tropa.planning.person import (
    Companion,
    HeldPaper,
    KnownStatus,
    PersonFacts,
    Wish,
    WishKind,
    WishVerdict,
)

WISHED_OFFICES = (Office.HOME_STATE, Office.HOME_CONSULATE, Office.RECEIVING_EMBASSY)
HOME = "RU"
SPARE_COMPANIONS = 1
SHOWN_WISHES = (WishKind.COUNTRY, WishKind.MODE, WishKind.OFFICE)


class FactsForm(forms.Form):
    """A person's facts. `wished`: countries offered for a wish, besides those already wished about."""

    def __init__(
        self, data: Mapping[str, Any] | None, *, person: PersonFacts, wished: Iterable[str] = ()
    ) -> None:
        self.person = person
        self.countries = self._offered(person, wished, data)
        super().__init__(data, initial=self._initial())
        self.fields |= fields_of_everybody()
        for number in range(self.companions_shown):
            self.fields |= companion_fields(number)
        wish = wish_field()
        self.fields |= {f"wish-{kind}-{about}": wish for kind, about in self.wishes_offered()}

    @property
    def companions_shown(self) -> int:
        """Those there are, and an empty one to add."""
        return len(self.person.companions) + SPARE_COMPANIONS

    def wishes_offered(self) -> list[tuple[WishKind, str]]:
        """What a wish may be about on this form."""
        offered = [(WishKind.COUNTRY, code) for code in self.countries]
        offered += [(WishKind.OFFICE, office.value) for office in WISHED_OFFICES]
        return offered + [(WishKind.MODE, mode.value) for mode in (Mode.AIR, Mode.ROAD, Mode.RAIL, Mode.FOOT)]

    def ask_place(self) -> None:
        """Offer no place beforehand: one has to be chosen."""
        field = cast("forms.ChoiceField", copy.copy(self.fields["place"]))
        field.widget = copy.copy(field.widget)
        places = cast("Iterable[tuple[str, Any]]", field.choices)
        field.choices = [("", _("choose one")), *places]
        self.fields["place"], self.initial["place"] = field, ""

    # --- as the template goes through it ----------------------------------------------------------------------

    def papers_held(self) -> list[PaperRow]:
        """Papers in hand, first."""
        return [row for row in self._paper_rows() if row.held.value()]

    def papers_missing(self) -> list[PaperRow]:
        """All others."""
        return [row for row in self._paper_rows() if not row.held.value()]

    def statuses_said(self) -> list[BoundField]:
        """Statuses somebody has asked about."""
        return [self[f"status-{status}"] for status in Status if self[f"status-{status}"].value()]

    def statuses_unsaid(self) -> list[BoundField]:
        """All others."""
        return [self[f"status-{status}"] for status in Status if not self[f"status-{status}"].value()]

    def companions(self) -> list[CompanionRow]:
        """Those who travel along, and an empty row."""
        return [
            CompanionRow(
                name=str(self[f"with-{number}-relation"].value() or ""),
                relation=self[f"with-{number}-relation"],
                profile=self[f"with-{number}-profile"],
                papers=self[f"with-{number}-paper"],
                until=self[f"with-{number}-until"],
            )
            for number in range(self.companions_shown)
        ]

    def wish_rows(self) -> list[WishRow]:
        """Countries, offices and ways of travelling, each with what is wished."""
        rows = []
        for kind, about in self.wishes_offered():
            name = f"wish-{kind}-{about}"
            rows.append(WishRow(name, wish_words(kind, about), str(self[name].value() or _unsaid(about))))
        return rows

    def _paper_rows(self) -> list[PaperRow]:
        return [PaperRow(self[f"paper-{paper}"], self[f"until-{paper}"]) for paper in atlas().papers]

    def clean(self) -> dict[str, Any]:
        """Build the facts; every problem stands at its field."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                cleaned["facts"] = self._facts(cleaned)
            except BadPerson as error:
                self.add_problems(error.problems)
            except ValueError:
                self.add_error(None, _("Two dates contradict each other."))
        return cleaned

    def add_problems(self, problems: Iterable[PersonProblem]) -> None:
        """Say what the planner cannot use, beside the field it stands in."""
        for problem in problems:
            name = problem.field if problem.field in self.fields else None
            near = ", ".join(named(one) for one in problem.nearest)
            said = _("“%(found)s” does not fit here.") % {"found": problem.found}
            if near:
                said += " " + _("Near: %(names)s.") % {"names": near}
            self.add_error(name, said)

    def _initial(self) -> dict[str, Any]:
        person = self.person
        initial: dict[str, Any] = {
            "place": person.place,
            "profile": person.profile.value,
            "entered": person.entered,
            "deadline": person.deadline,
            "money_euros": person.money_euros,
            "income_euros": person.income_euros,
            "further_papers": person.further_papers,
            "least_haven": person.least_haven.value if person.least_haven else "",
        }
        for held in person.papers:
            initial |= {f"paper-{held.paper}": True, f"until-{held.paper}": held.valid_until}
        initial |= {f"status-{known.status}": known.answer.value for known in person.statuses}
        for number, companion in enumerate(person.companions):
            until = [held.valid_until for held in companion.papers if held.valid_until]
            initial |= {
                f"with-{number}-relation": companion.relation,
                f"with-{number}-profile": companion.profile.value,
                f"with-{number}-paper": [held.paper for held in companion.papers],
                f"with-{number}-until": min(until, default=None),
            }
        said = {(wish.kind, wish.about): wish.verdict.value for wish in person.wishes}
        for kind, about in self.wishes_offered():
            initial[f"wish-{kind}-{about}"] = said.get((kind, about), _unsaid(about))
        return initial

    def _facts(self, cleaned: Mapping[str, Any]) -> PersonFacts:
        """Raises BadPerson or ValueError."""
        least = cleaned["least_haven"]
        return PersonFacts(
            place=cleaned["place"],
            profile=ProfileClass(cleaned["profile"]),
            papers=tuple(self._held(cleaned)),
            statuses=tuple(
                KnownStatus(status, Answer(cleaned[f"status-{status}"]))
                for status in Status
                if cleaned.get(f"status-{status}")
            ),
            citizenship=self.person.citizenship,
            entered=cleaned["entered"],
            past_stays=self.person.past_stays,
            money_euros=cleaned["money_euros"] or 0,
            income_euros=cleaned["income_euros"] or 0,
            deadline=cleaned["deadline"],
            companions=tuple(self._companions(cleaned)),
            wishes=tuple(self._wishes(cleaned)),
            further_papers=cleaned["further_papers"],
            least_haven=ProtectionKind(least) if least else None,
        )

    def _held(self, cleaned: Mapping[str, Any]) -> Iterable[HeldPaper]:
        since = {held.paper: held.valid_from for held in self.person.papers}
        for paper in atlas().papers:
            if cleaned.get(f"paper-{paper}"):
                yield HeldPaper(paper, since.get(paper), cleaned.get(f"until-{paper}"))

    def _companions(self, cleaned: Mapping[str, Any]) -> Iterable[Companion]:
        for number in range(self.companions_shown):
            relation = (cleaned.get(f"with-{number}-relation") or "").strip()
            if not relation:
                continue
            until: date | None = cleaned.get(f"with-{number}-until")
            before = self.person.companions[number] if number < len(self.person.companions) else None
            yield Companion(
                relation=relation,
                profile=ProfileClass(cleaned.get(f"with-{number}-profile") or ProfileClass.NO_SUMMONS),
                papers=tuple(
                    HeldPaper(paper, None, until) for paper in cleaned.get(f"with-{number}-paper") or ()
                ),
                statuses=before.statuses if before else (),
                citizenship=before.citizenship if before else HOME,
            )

    def _wishes(self, cleaned: Mapping[str, Any]) -> Iterable[Wish]:
        for wish in self.person.wishes:
            if wish.kind not in SHOWN_WISHES:
                yield wish
        for kind, about in self.wishes_offered():
            verdict = cleaned.get(f"wish-{kind}-{about}") or _unsaid(about)
            if verdict != _unsaid(about):
                yield Wish(kind, about, WishVerdict(verdict))

    @staticmethod
    def _offered(person: PersonFacts, wished: Iterable[str], data: Mapping[str, Any] | None) -> list[str]:
        """Countries to wish about: those handed in, those wished about, and those the browser was shown."""
        before = [wish.about for wish in person.wishes if wish.kind is WishKind.COUNTRY]
        shown = [
            name.removeprefix("wish-country-") for name in data or () if name.startswith("wish-country-")
        ]
        codes = {code for code in (*wished, *before, *shown, HOME) if code in atlas().countries}
        return sorted(codes, key=named)


def wish_words(kind: WishKind, about: str) -> str:
    """What a wish is about, in words."""
    match kind:
        case WishKind.OFFICE:
            return wording.office(Office(about))
        case WishKind.MODE:
            return wording.mode(about)
        case _:
            return named(about)


def _unsaid(about: str) -> str:
    """What the planner does when nothing is wished: the home country is left alone, everything else may be
    used.
    """
    return WishVerdict.NEVER.value if about == HOME else WishVerdict.ALLOW.value
