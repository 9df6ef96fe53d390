"""Canaries by which a conversation moves: the one-time code somebody is given at the drop, and one that is nobody's."""

from __future__ import annotations

import re
import secrets

from tropa.rehearsal.applicant import Applicant
from tropa.rehearsal.canaries import Planted
from tropa.rehearsal.language import gettext as _
from tropa.rehearsal.promises import Broken
from tropa.rehearsal.scene import Scene

CODE = re.compile(r'<b class="code">([^<]+)<')
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def take_a_code(scene: Scene, planted: Planted) -> None:
    """Ask for a code where a messenger is in use; type another that opens nothing. Raises Broken."""
    applicant = scene.applicant
    page = applicant.come_back(" ".join(applicant.words))
    form = page.form("/move/code/")
    if form is None:
        raise Broken(_("A conversation can go on in a messenger"), page.address)
    found = CODE.search(applicant.browser.post(form, page).body.decode())
    if found is None:
        raise Broken(_("A conversation can go on in a messenger"), page.address)
    _remember(planted, "code to go on in a messenger", found[1])
    drawn = "".join(secrets.choice(LETTERS) for _at in range(24))
    wrong = "-".join(drawn[at : at + 4] for at in range(0, 24, 4))
    _remember(planted, "wrong code to go on here", wrong)
    somebody = Applicant(scene.installation.drop, scene.language)
    page = somebody.browser.get(f"/{scene.language}/move/")
    form = next((one for one in page.forms if "code" in one.offered), None)
    if form is None:
        raise Broken(_("The drop offers its forms"), page.address)
    refused = somebody.browser.post(form, page, {"code": wrong})
    scene.promises.check(
        not refused.lists.get("words"), _("A code that is nobody's opens nothing"), refused.address
    )


def _remember(planted: Planted, name: str, code: str) -> None:
    planted.words |= {name: code, f"{name}, without dashes": code.replace("-", "")}
