"""What other rooms may rely on, by name."""

import inspect

import tropa.envelope

SURFACE = """
ApplicantKeys ApplicantPublic ArchiveHead ArchiveReader ArchiveWriter BEGINNING BadCertificate
BadKey BadRelease BadShare BadSignature BrokenLog COORDINATOR CannotOpen Certificate
CertificateExpired CertificateNotAllowed CertificateNotYetValid Checkpoint Codename ColumnOpener Context
DamagedShare ENTROPY_BYTES EnvelopeError HASH_BYTES Language LogEntry LogFault MOST_PARTS
MOST_READINGS MOST_SHARES PUBLISHER PassphraseProfile ROLES_OF_REVIEW ROOT Random Recipients
ReleaseExpired ReleaseRole ReleaseStatement SealingKey SealingPublicKey Secret Seed SeedShare
SelfApproval SharesDoNotFit SigningKey SigningPublicKey SymmetricKey TooFewShares UnknownCodename
UnknownShareWord WORDS_IN_SHARE WeakLock WrongPassphrase applicant_keys certify dummy_lock
hash_entry join_shares join_two key_by_holder key_by_passphrase lock_seed look_up_tag open_sealed
padme_length read_head seal sign sign_release split_for_two split_seed thread_id_of totp
totp_matches unlock_seed unwrap verify verify_certificate verify_chain verify_log verify_release
wrap
BadContactList ContactList ContactListNotInForce ContactPoint ContactRole SignedContactList check_signer
read_contact_file read_contacts root_fingerprint sign_contacts verify_contacts verify_signature
BadContactNotice ContactNotice ContactNoticeNotInForce SignedContactNotice check_beside digest_of not_on_the_list
read_notice sign_notice verify_notice verify_notice_signature
keys_of_seed
"""


def test_the_public_names_are_these_and_no_others() -> None:
    assert sorted(tropa.envelope.__all__) == sorted(SURFACE.split())
    assert all(hasattr(tropa.envelope, name) for name in tropa.envelope.__all__)


def test_calls_other_rooms_make_keep_their_arguments() -> None:
    def arguments(name: str) -> str:
        signature = inspect.signature(getattr(tropa.envelope, name))
        return " ".join(
            ("*" if parameter.kind is parameter.KEYWORD_ONLY else "") + parameter.name
            for parameter in signature.parameters.values()
        )

    assert arguments("Context") == "label version table column row"
    assert arguments("seal") == "public context body"
    assert arguments("open_sealed") == "key context blob"
    assert arguments("wrap") == "key context body *random"
    assert arguments("unwrap") == "key context blob"
    assert arguments("sign") == "key context message"
    assert arguments("verify") == "public context message signature"
    assert arguments("applicant_keys") == "codename"
    assert arguments("thread_id_of") == "public"
    assert arguments("lock_seed") == "seed passphrase profile random context"
    assert arguments("unlock_seed") == "blob passphrase context *weakest"
    assert arguments("Certificate") == "subject role seal_public sign_public issued expires issuer"
    assert arguments("certify") == "signing_key certificate"
    assert arguments("verify_certificate") == "blob issuer_public on"
    assert arguments("verify_chain") == "chain root on"
    assert arguments("sign_release") == "key statement role"
    assert arguments("totp") == "secret at step"
    assert arguments("totp_matches") == "secret code at window"
    assert arguments("padme_length") == "n"


def test_every_refusal_is_an_envelope_error() -> None:
    errors = [
        value
        for name in tropa.envelope.__all__
        if inspect.isclass(value := getattr(tropa.envelope, name)) and issubclass(value, Exception)
    ]
    assert len(errors) == 24
    assert all(issubclass(error, tropa.envelope.EnvelopeError) for error in errors)
