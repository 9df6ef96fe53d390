"""The contract, on a real Prosody, with people on slixmpp-omemo's own plugin."""

from __future__ import annotations

import pytest

from tests.channels.contract import Contract
from tests.channels.xmpp_people import People
from tests.channels.xmpp_rig import XmppRig

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.enable_socket]


@pytest.fixture
def rig(xmpp_people: People) -> XmppRig:
    return XmppRig(xmpp_people)


class TestOnXmpp(Contract):
    """Every promise, on the real server."""

    backlog = 70  # three pages of the archive
