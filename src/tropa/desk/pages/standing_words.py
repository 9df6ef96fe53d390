"""What a fact's standing means, in words."""

from __future__ import annotations

from typing import assert_never

from django.utils.translation import gettext as _

from tropa.atlas import Standing


def standing_words(standing: Standing) -> str:
    """One short sentence: may it be used today, and if not, why."""
    match standing:
        case Standing.USABLE:
            return _("may be used")
        case Standing.UNVERIFIED:
            return _("nobody has reviewed it: closed")
        case Standing.REVIEW_OVERDUE:
            return _("review overdue: closed")
        case Standing.NOT_YET_VALID:
            return _("not in force yet")
        case Standing.NO_LONGER_VALID:
            return _("no longer in force")
        case Standing.STOPPED:
            return _("stopped: closed")
        case _:
            assert_never(standing)
