"""Canaries somebody types into their own account: another password, other passphrases; codes the desk shows once; where
a browser of theirs is told of news.
"""

from __future__ import annotations

import json
import re

from tropa.rehearsal.canaries import Planted
from tropa.rehearsal.language import gettext as _
from tropa.rehearsal.planting_at_the_desk import offering, send
from tropa.rehearsal.promises import Broken
from tropa.rehearsal.volunteer import Volunteer

CODES = re.compile(r'<code class="secret">([^<]+)<')

PUSH_SERVICE = "push.example.org"
BROWSER_KEYS = {
    "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    "auth": "BTBZMqHH6r4Tts7J_aSIgg",
}
"""Those of the example in RFC 8291."""


def be_told(lead: Volunteer, planted: Planted) -> None:
    """Somebody switches notices outside the page on, in a browser of theirs. Raises Broken."""
    page = lead.browser.get("/account/")
    form = page.form("/account/push/on/")
    if form is None:
        raise Broken(_("Notices outside the page can be switched on"), page.address)
    name = planted.hatch("where a browser is told").replace(" ", "-")
    planted.words["where a browser is told, as said"] = name
    said = {"endpoint": f"https://{PUSH_SERVICE}/send/{name}", "keys": BROWSER_KEYS}
    page = lead.browser.post(form, page, {"subscription": json.dumps(said)})
    if page.form("/account/push/off/") is None:
        raise Broken(_("Notices outside the page can be switched on"), page.address)


def put_account_anew(person: Volunteer, planted: Planted) -> None:
    """Recovery codes, another password, both passphrases; then one of those under force. Raises Broken."""
    browser, who = person.browser, person.who
    page = send(person, "/account/", "codes-password", {"codes-password": who.password})
    codes = CODES.findall(page.body.decode())
    if len(codes) < 2:
        raise Broken(_("Recovery codes are shown once"), page.address)
    planted.words |= {f"recovery code {number}": code for number, code in enumerate(codes, 1)}
    planted.words |= {
        f"recovery code {number}, as digits": "".join(filter(str.isdigit, code))
        for number, code in enumerate(codes, 1)
    }
    password = planted.hatch("new password")
    typed = {"password": who.password, "new_password": password, "new_password_again": password}
    send(person, "/account/", "new_password", typed)
    new, duress = planted.hatch("new passphrase"), planted.hatch("passphrase under duress")
    typed = {"passphrase": who.passphrase, "new": new, "new_again": new}
    send(person, "/account/", "duress", typed | {"duress": duress, "duress_again": duress})
    page = browser.get("/")
    form = next((one for one in page.forms if one.action.endswith("/lock/")), None)
    if form is None:
        raise Broken(_("A desk can be locked on every page"), page.address)
    browser.post(form, page)
    page = browser.get("/unlock/")
    page = browser.post(offering(page, "passphrase"), page, {"passphrase": duress})
    if page.status != 200:
        raise Broken(_("A passphrase under duress opens an empty desk"), f"{page.status} {page.address}")
