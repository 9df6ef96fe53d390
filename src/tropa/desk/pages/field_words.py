"""What the fields of a fact are called on a page. The keys are those of the pack format; a test holds them complete."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

FIELDS: Mapping[str, Promise] = {
    "about": pgettext_lazy("field", "about"),
    "again": pgettext_lazy("field", "may be asked for again"),
    "article": pgettext_lazy("field", "article"),
    "bars_exit": pgettext_lazy("field", "bars from leaving"),
    "blocs": pgettext_lazy("field", "unions of states"),
    "category": pgettext_lazy("field", "kind of offence"),
    "chance": pgettext_lazy("field", "chance: low, likely, high"),
    "citizenship": pgettext_lazy("field", "for citizens of"),
    "classes": pgettext_lazy("field", "for people"),
    "consequence": pgettext_lazy("field", "consequence"),
    "countries": pgettext_lazy("field", "countries"),
    "country": pgettext_lazy("field", "country"),
    "counts": pgettext_lazy("field", "counted"),
    "crosses_border": pgettext_lazy("field", "crosses a border"),
    "crossing": pgettext_lazy("field", "border post"),
    "day_kind": pgettext_lazy("field", "days are"),
    "days": pgettext_lazy("field", "days"),
    "echr_party": pgettext_lazy("field", "party to the European convention"),
    "euros": pgettext_lazy("field", "euros: low, likely, high"),
    "euros_per_day": pgettext_lazy("field", "euros a day: low, likely, high"),
    "exception": pgettext_lazy("field", "exception"),
    "exposure": pgettext_lazy("field", "how many were at risk"),
    "extradition": pgettext_lazy("field", "extradition"),
    "happened": pgettext_lazy("field", "when"),
    "hours": pgettext_lazy("field", "hours: low, likely, high"),
    "incidents": pgettext_lazy("field", "rests on"),
    "is_start": pgettext_lazy("field", "offered as a start"),
    "iso2": pgettext_lazy("field", "code"),
    "latitude": pgettext_lazy("field", "latitude"),
    "longitude": pgettext_lazy("field", "longitude"),
    "missing": pgettext_lazy("field", "what is missing"),
    "mode": pgettext_lazy("field", "how one travels"),
    "modes": pgettext_lazy("field", "how one travels"),
    "name": pgettext_lazy("field", "name"),
    "needs": pgettext_lazy("field", "papers asked for"),
    "needs_no_exit_ban": pgettext_lazy("field", "only without an exit ban"),
    "office": pgettext_lazy("field", "who decides"),
    "origin": pgettext_lazy("field", "from"),
    "outcomes": pgettext_lazy("field", "published decisions"),
    "paper": pgettext_lazy("field", "paper"),
    "papers": pgettext_lazy("field", "papers asked for"),
    "passport_days": pgettext_lazy("field", "days the passport must still be valid"),
    "pitfalls": pgettext_lazy("field", "pitfalls"),
    "profile": pgettext_lazy("field", "who it was"),
    "provisions": pgettext_lazy("field", "provisions"),
    "refugee_convention": pgettext_lazy("field", "party to the refugee convention"),
    "refusal": pgettext_lazy("field", "chance of refusal: low, likely, high"),
    "register_days": pgettext_lazy("field", "days until registration is due"),
    "requires": pgettext_lazy("field", "papers asked for"),
    "said": pgettext_lazy("field", "why"),
    "scope": pgettext_lazy("field", "where"),
    "share_positive": pgettext_lazy("field", "share of yes: low, likely, high"),
    "shares_wanted_lists": pgettext_lazy("field", "shares wanted lists with Russia"),
    "stops": pgettext_lazy("field", "who is stopped"),
    "subject": pgettext_lazy("field", "danger of what"),
    "subjects": pgettext_lazy("field", "which dangers it speaks of"),
    "summary": pgettext_lazy("field", "what happened"),
    "surrenders": pgettext_lazy("field", "papers given up"),
    "target": pgettext_lazy("field", "to"),
    "term_max_years": pgettext_lazy("field", "at most, years"),
    "term_min_years": pgettext_lazy("field", "at least, years"),
    "travel_document": pgettext_lazy("field", "opens borders"),
    "trigger": pgettext_lazy("field", "counts from"),
    "turned_back": pgettext_lazy("field", "chance to be turned back: low, likely, high"),
    "valid_years": pgettext_lazy("field", "valid, years"),
    "wait_days": pgettext_lazy("field", "days until the next departure"),
    "what": pgettext_lazy("field", "what"),
    "window": pgettext_lazy("field", "in any so many days"),
    "zone": pgettext_lazy("field", "stay zone"),
}

OWNERS: Mapping[str, Promise] = {
    "asylum": pgettext_lazy("owner", "asylum"),
    "atlas": pgettext_lazy("owner", "atlas"),
    "borders": pgettext_lazy("owner", "borders"),
    "coordinators": pgettext_lazy("owner", "coordinators"),
    "incidents": pgettext_lazy("owner", "incidents"),
    "law": pgettext_lazy("owner", "law"),
    "papers": pgettext_lazy("owner", "papers"),
    "places": pgettext_lazy("owner", "places"),
    "researchers": pgettext_lazy("owner", "researchers"),
    "settling": pgettext_lazy("owner", "settling"),
    "treaties": pgettext_lazy("owner", "treaties"),
    "visas": pgettext_lazy("owner", "visas"),
}

CONFIDENCE: Mapping[str, Promise] = {
    "sourced": _("a published text supports it"),
    "background-high": _("general knowledge, quite sure"),
    "background-med": _("general knowledge, fairly sure"),
    "background-low": _("general knowledge, unsure"),
    "judgement": _("somebody's estimate"),
    "unknown": _("not known"),
}


def owner_words(owner: str) -> str:
    """Who owns a fact, in the language of the page; a role of somebody's own pack is said as it stands there."""
    return str(OWNERS.get(owner, owner))
