"""Who coordinates: read from the certificate the root signed, never from a row, which somebody may have changed."""

from __future__ import annotations

from tropa.desk.staff.errors import NotCoordinator
from tropa.desk.staff.reader import Reader
from tropa.desk.vault.trust import verified_certificate
from tropa.envelope import COORDINATOR, EnvelopeError


def coordinators_only(reader: Reader) -> None:
    """Return if the reader is a coordinator today. Raises NotCoordinator."""
    try:
        certificate = verified_certificate(reader.member, reader.now.date())
    except EnvelopeError:
        raise NotCoordinator from None
    if certificate.role != COORDINATOR:
        raise NotCoordinator


def coordinates(reader: Reader) -> bool:
    """Whether the reader is a coordinator today."""
    try:
        coordinators_only(reader)
    except NotCoordinator:
        return False
    return True
