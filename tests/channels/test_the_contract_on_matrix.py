"""The contract, on a real Synapse, with people on another implementation of the encryption."""

from __future__ import annotations

import pytest

from tests.channels.contract import Contract
from tests.channels.matrix_rig import MatrixRig
from tests.channels.synapse import Synapse

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.enable_socket]


@pytest.fixture
def rig(matrix_server: Synapse) -> MatrixRig:
    return MatrixRig(matrix_server)


class TestOnMatrix(Contract):
    """Every promise, on the real server."""
