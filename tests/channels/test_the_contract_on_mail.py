"""The contract, on a real Dovecot and Postfix, with partners who have keys of their own."""

from __future__ import annotations

import pytest

from tests.channels.contract import Contract
from tests.channels.mail_people import Partners
from tests.channels.mail_rig import MailRig

LONG = 100
"""As often as this a gateway is killed in the long form alone."""
CAP = 256 * 1024
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.enable_socket]


@pytest.fixture
def rig(mail_partners: Partners, kills: int, monkeypatch: pytest.MonkeyPatch) -> MailRig:
    """`make soak` sends what is really too large, and more at once than the adapter gives."""
    rig = MailRig(mail_partners)
    monkeypatch.setattr("tropa.channels.mail.sending.LATER", 1.5)
    if kills < LONG:
        rig.cap = CAP
        monkeypatch.setattr("tropa.channels.mail.adapter.MOST", 5)
    return rig


class TestOnMail(Contract):
    """Every promise, on the real server."""

    backlog = 12
    keeps_order = False  # mail may overtake mail on its way to the mailbox

    def cap(self, rig: MailRig) -> int:  # type: ignore[override]
        return rig.cap or super().cap(rig)
