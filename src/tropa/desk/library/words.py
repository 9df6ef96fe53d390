"""Words for topics, states and lengths, and reasons as sentences in the page's language."""

from __future__ import annotations

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from tropa.counsel.library import Judged, Language, Length, Reason, State, Topic
from tropa.counsel.library.phrases import translator
from tropa.desk.atlas.in_force import in_force
from tropa.desk.pages.fact_words import title_of
from tropa.desk.pages.field_words import owner_words

TOPICS = {
    Topic.SUMMONS: _("Summons and call-up"),
    Topic.EXIT_BAN: _("Leaving Russia"),
    Topic.DOCUMENTS: _("Papers"),
    Topic.ALT_SERVICE: _("Alternative civilian service"),
    Topic.MOBILISED: _("Mobilisation"),
    Topic.CONTRACT: _("Contract"),
    Topic.AWOL: _("Absence and refusal"),
    Topic.CHARGED: _("Charges"),
    Topic.WANTED: _("Being wanted"),
    Topic.COUNTRY: _("Countries"),
    Topic.ASYLUM: _("Protection abroad"),
    Topic.TRUST: _("Whom to believe"),
    Topic.COMMS: _("Phones and messengers"),
    Topic.FAMILY: _("For relatives"),
    Topic.ABUSE: _("Violence"),
    Topic.SETTLING: _("After arrival"),
    Topic.MONEY: _("Money and fraud"),
}
STATES = {
    State.SOUND: _("sound"),
    State.EXPIRED: _("expired"),
    State.CONTRADICTED: _("contradicted"),
}
LENGTHS = {Length.SHORT: _("short answer"), Length.GUIDE: _("guide")}


def page_language() -> Language:
    """The language of the page that is being drawn."""
    return Language.RU if (get_language() or "").startswith("ru") else Language.EN


def reason_words(reason: Reason) -> str:
    """Why an answer may not be given, as a sentence: the fact by its name and id, and the role that can confirm it."""
    fact = in_force().atlas.facts.get(reason.about)
    called = gettext("“%(title)s” (%(id)s)") % {"title": title_of(fact), "id": fact.id} if fact else None
    said = reason.phrase(called).say(translator(page_language()))
    if not reason.owner:
        return said
    return f"{said} " + gettext("Can be confirmed by the team: %(owner)s.") % {
        "owner": owner_words(reason.owner)
    }


def refusal_words(judged: Judged) -> str:
    """All that speaks against an answer."""
    return " ".join(reason_words(reason) for reason in judged.reasons)
