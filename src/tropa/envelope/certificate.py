"""Whose key is whose: certificates from the organisation's root down to a person or service.

The root, pinned outside the database, certifies coordinators and publishers and nothing else; a coordinator
certifies everybody else but no coordinator, so somebody who takes a coordinator's key cannot make more of
them. Nothing else issues. A chain is written root's certificate first; every link must be valid on the day
asked about, name its issuer, have been issued within the issuer's own validity, and be signed by the issuer's
key. A certificate is valid from `issued` to `expires`, both days included.

Format 1: byte 0x01, then the parts in the order of the fields and the signature, each with its length; days
as ISO 8601 text. There is one encoding of a certificate, and only that one is read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from tropa.envelope.context import Context
from tropa.envelope.encoding import join, split
from tropa.envelope.errors import (
    BadCertificate,
    BadKey,
    CertificateExpired,
    CertificateNotAllowed,
    CertificateNotYetValid,
)
from tropa.envelope.keys import SealingPublicKey, SigningKey, SigningPublicKey
from tropa.envelope.signature import sign, verify

FORMAT = b"\x01"
ROOT: Final = "root"
"""The issuer's name in certificates the root signs; no subject is called so."""
COORDINATOR: Final = "coordinator"
PUBLISHER: Final = "publisher"
ROLES_OF_ROOT: Final = frozenset({COORDINATOR, PUBLISHER})
"""Roles the root certifies, and only the root."""
LONGEST_NAME = 64
_FIELDS = 7


@dataclass(frozen=True, slots=True)
class Certificate:
    """That `issuer` knows these two public keys to be `subject`'s, who acts as `role`, from `issued` to
    `expires`.

    `subject` and `issuer` are random ids or pseudonyms, never names. `role` is a lower-case word.
    """

    subject: str
    role: str
    seal_public: SealingPublicKey
    sign_public: SigningPublicKey
    issued: date
    expires: date
    issuer: str

    def __post_init__(self) -> None:
        for name in (self.subject, self.role, self.issuer):
            if not isinstance(name, str) or not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
                raise BadCertificate(f"a name in a certificate is 1 to {LONGEST_NAME} printable characters")
        if type(self.issued) is not date or type(self.expires) is not date or self.expires < self.issued:
            raise BadCertificate("a certificate has a first and a last day, in that order")
        if self.subject in (ROOT, self.issuer):
            raise BadCertificate("nobody certifies themselves, and the root is not certified")

    def encoded(self) -> bytes:
        """The seven fields, each with its length: what is signed."""
        return join(
            (
                self.subject.encode(),
                self.role.encode(),
                self.seal_public.raw,
                self.sign_public.raw,
                self.issued.isoformat().encode(),
                self.expires.isoformat().encode(),
                self.issuer.encode(),
            )
        )

    def check_day(self, on: date) -> None:
        """Raise CertificateNotYetValid or CertificateExpired unless the certificate is valid on that day."""
        if on < self.issued:
            raise CertificateNotYetValid("the certificate is not valid yet")
        if on > self.expires:
            raise CertificateExpired("the certificate has expired")


def certify(signing_key: SigningKey, certificate: Certificate) -> bytes:
    """`certificate` signed by its issuer. BadKey if a key in it is none."""
    certificate.seal_public.check()
    certificate.sign_public.loaded()
    signature = sign(signing_key, _context(certificate), certificate.encoded())
    return FORMAT + join((certificate.encoded(), signature))


def verify_certificate(blob: bytes, issuer_public: SigningPublicKey, on: date) -> Certificate:
    """The certificate in `blob`, signed by `issuer_public` and valid on that day.

    Says nothing about whether that issuer may issue it: `verify_chain` does. BadCertificate or BadSignature
    otherwise.
    """
    certificate, signature = _read(blob)
    verify(issuer_public, _context(certificate), certificate.encoded(), signature)
    certificate.check_day(on)
    return certificate


def verify_chain(chain: Sequence[bytes], root: SigningPublicKey, on: date) -> Certificate:
    """The last certificate of `chain`, which is joined link by link to `root`; the root's own certificate
    comes first.

    BadCertificate (a subclass says which rule) or BadSignature otherwise.
    """
    if not chain:
        raise CertificateNotAllowed("an empty chain certifies nobody")
    issuer: Certificate | None = None
    issuer_public = root
    for blob in chain:
        certificate = verify_certificate(blob, issuer_public, on)
        _check_issuer(certificate, issuer)
        issuer, issuer_public = certificate, certificate.sign_public
    return certificate


def _check_issuer(certificate: Certificate, issuer: Certificate | None) -> None:
    """Raise CertificateNotAllowed unless `issuer` (None: the root) may have issued `certificate`."""
    if certificate.issuer != (issuer.subject if issuer else ROOT):
        raise CertificateNotAllowed("the certificate names another issuer")
    if issuer is None:
        if certificate.role not in ROLES_OF_ROOT:
            raise CertificateNotAllowed("the root certifies coordinators and publishers only")
        return
    if issuer.role != COORDINATOR or certificate.role in ROLES_OF_ROOT:
        raise CertificateNotAllowed(
            "only coordinators certify, and they certify no coordinators or publishers"
        )
    if not issuer.issued <= certificate.issued <= issuer.expires:
        raise CertificateNotAllowed("the certificate was issued outside its issuer's own validity")


def _context(certificate: Certificate) -> Context:
    return Context("certificate", 1, "certificate", "signature", certificate.subject)


def _read(blob: bytes) -> tuple[Certificate, bytes]:
    if blob[:1] != FORMAT:
        raise BadCertificate("not a certificate of a known format")
    try:
        encoded, signature = split(blob[1:], 2)
        subject, role, seal_public, sign_public, issued, expires, issuer = split(encoded, _FIELDS)
        certificate = Certificate(
            subject=subject.decode(),
            role=role.decode(),
            seal_public=SealingPublicKey(seal_public),
            sign_public=SigningPublicKey(sign_public),
            issued=date.fromisoformat(issued.decode()),
            expires=date.fromisoformat(expires.decode()),
            issuer=issuer.decode(),
        )
    except (ValueError, BadKey):
        raise BadCertificate("not a well-formed certificate") from None
    if certificate.encoded() != encoded:  # fromisoformat reads more than one spelling of a day
        raise BadCertificate("not the canonical encoding of a certificate")
    return certificate, signature
