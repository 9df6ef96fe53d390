"""What is said after an act on a case."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

SAID = {"card": ("ok", "check", _("Card saved. Urgency and lane follow from it."))}
