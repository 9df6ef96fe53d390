"""The envelope: seals and opens what Tropa stores, and says who signed it. Pure: no clock, network, disk or
Django.

What stands here is the public surface, held by a test; modules beneath are for the envelope itself. Formats
and derivations are only added to: what was sealed with one version opens with every later one.
`docs/envelope.md` tells the whole.
"""

from tropa.envelope.applicant import (
    ApplicantKeys,
    ApplicantPublic,
    applicant_keys,
    look_up_tag,
    thread_id_of,
)
from tropa.envelope.archive import (
    ArchiveHead,
    ArchiveReader,
    ArchiveWriter,
    Recipients,
    key_by_holder,
    key_by_passphrase,
    read_head,
)
from tropa.envelope.certificate import (
    COORDINATOR,
    PUBLISHER,
    ROOT,
    Certificate,
    certify,
    verify_certificate,
    verify_chain,
)
from tropa.envelope.codename import ENTROPY_BYTES, MOST_READINGS, Codename
from tropa.envelope.context import Context
from tropa.envelope.errors import (
    BadCertificate,
    BadKey,
    BadRelease,
    BadShare,
    BadSignature,
    BrokenLog,
    CannotOpen,
    CertificateExpired,
    CertificateNotAllowed,
    CertificateNotYetValid,
    DamagedShare,
    EnvelopeError,
    LogFault,
    ReleaseExpired,
    SelfApproval,
    SharesDoNotFit,
    TooFewShares,
    UnknownCodename,
    UnknownShareWord,
    WeakLock,
    WrongPassphrase,
)
from tropa.envelope.keys import SealingKey, SealingPublicKey, SigningKey, SigningPublicKey, SymmetricKey
from tropa.envelope.log_chain import BEGINNING, HASH_BYTES, Checkpoint, LogEntry, hash_entry, verify_log
from tropa.envelope.padding import padme_length
from tropa.envelope.passphrase import PassphraseProfile, dummy_lock, lock_seed, unlock_seed
from tropa.envelope.release import (
    ROLES_OF_REVIEW,
    ReleaseRole,
    ReleaseStatement,
    sign_release,
    verify_release,
)
from tropa.envelope.seal import open_sealed, seal
from tropa.envelope.secret import Random, Secret
from tropa.envelope.seed import Seed
from tropa.envelope.shares import MOST_SHARES, WORDS_IN_SHARE, SeedShare, join_shares, split_seed
from tropa.envelope.signature import sign, verify
from tropa.envelope.standby import MOST_PARTS, join_two, split_for_two
from tropa.envelope.totp import totp, totp_matches
from tropa.envelope.wordlist import Language
from tropa.envelope.wrap import ColumnOpener, unwrap, wrap

__all__ = [
    "BEGINNING",
    "COORDINATOR",
    "ENTROPY_BYTES",
    "HASH_BYTES",
    "MOST_PARTS",
    "MOST_READINGS",
    "MOST_SHARES",
    "PUBLISHER",
    "ROLES_OF_REVIEW",
    "ROOT",
    "WORDS_IN_SHARE",
    "ApplicantKeys",
    "ApplicantPublic",
    "ArchiveHead",
    "ArchiveReader",
    "ArchiveWriter",
    "BadCertificate",
    "BadKey",
    "BadRelease",
    "BadShare",
    "BadSignature",
    "BrokenLog",
    "CannotOpen",
    "Certificate",
    "CertificateExpired",
    "CertificateNotAllowed",
    "CertificateNotYetValid",
    "Checkpoint",
    "Codename",
    "ColumnOpener",
    "Context",
    "DamagedShare",
    "EnvelopeError",
    "Language",
    "LogEntry",
    "LogFault",
    "PassphraseProfile",
    "Random",
    "Recipients",
    "ReleaseExpired",
    "ReleaseRole",
    "ReleaseStatement",
    "SealingKey",
    "SealingPublicKey",
    "Secret",
    "Seed",
    "SeedShare",
    "SelfApproval",
    "SharesDoNotFit",
    "SigningKey",
    "SigningPublicKey",
    "SymmetricKey",
    "TooFewShares",
    "UnknownCodename",
    "UnknownShareWord",
    "WeakLock",
    "WrongPassphrase",
    "applicant_keys",
    "certify",
    "dummy_lock",
    "hash_entry",
    "join_shares",
    "join_two",
    "key_by_holder",
    "key_by_passphrase",
    "lock_seed",
    "look_up_tag",
    "open_sealed",
    "padme_length",
    "read_head",
    "seal",
    "sign",
    "sign_release",
    "split_for_two",
    "split_seed",
    "thread_id_of",
    "totp",
    "totp_matches",
    "unlock_seed",
    "unwrap",
    "verify",
    "verify_certificate",
    "verify_chain",
    "verify_log",
    "verify_release",
    "wrap",
]
