"""Unions of states and zones of stay by the names people use; a test holds those of the shipped pack complete."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

UNIONS: Mapping[str, Promise] = {
    "CIS": pgettext_lazy("union", "Commonwealth of Independent States"),
    "CSTO": pgettext_lazy("union", "Collective Security Treaty Organization"),
    "EAEU": pgettext_lazy("union", "Eurasian Economic Union"),
    "EU": pgettext_lazy("union", "European Union"),
    "schengen": pgettext_lazy("union", "Schengen area"),
    "union-state": pgettext_lazy("union", "Union State of Russia and Belarus"),
}
