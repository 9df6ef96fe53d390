"""What is said after an act on people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

SAID = {
    "abilities-said": (
        "ok",
        "check",
        _("Kept, sealed under the desk's key. Colleagues see it when they give a thread."),
    ),
    "certified": ("ok", "check", _("Certified. They can sign in now, and read what arrives from now on.")),
    "newcomer-refused": ("ok", "check", _("The keys are thrown away. Whoever made them holds nothing.")),
    "password-changed": ("ok", "check", _("The password is changed. Every other browser is signed out.")),
    "passphrases-changed": (
        "ok",
        "check",
        _("The passphrases are as you have typed them now. Every other browser is signed out."),
    ),
    "passkey-added": ("ok", "check", _("The passkey is kept. It signs you in from now on.")),
    "passkey-removed": ("ok", "check", _("The passkey is forgotten. It signs nobody in any more.")),
    "tour-closed": (
        "",
        "info",
        _("The tour is offered no more. It stays under Help, at the foot of each page."),
    ),
    "visits-ended": ("ok", "check", _("Every other browser is signed out.")),
    "left": (
        "ok",
        "check",
        _("Their access has ended. Cases they could open wait below for a new key."),
    ),
}
