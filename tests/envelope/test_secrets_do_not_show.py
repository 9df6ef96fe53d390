"""No secret reaches a log, a traceback, a pickle, a copy or a dict's keys."""

import copy
import json
import pickle
import traceback
from collections.abc import Callable

import pytest

from tests.envelope.world import PLACE, boris, repeatable
from tropa.envelope import (
    CannotOpen,
    Codename,
    Language,
    PassphraseProfile,
    UnknownCodename,
    WrongPassphrase,
    applicant_keys,
    lock_seed,
    open_sealed,
    seal,
    unlock_seed,
    unwrap,
    wrap,
)

CODENAME = Codename.from_entropy(b"twelve bytes", Language.ENGLISH)
SECRETS = {
    "seed": boris,
    "subkey": boris.subkey("records"),
    "sealing key": boris.sealing(),
    "signing key": boris.signing(),
    "codename": CODENAME,
    "applicant's keys": applicant_keys(CODENAME),
}
every_secret = pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS.keys())


def shown(secret: object) -> str:
    return f"{secret!r} {secret!s} {secret:} {[secret]}"


@every_secret
def test_its_text_holds_none_of_its_bytes(secret: object) -> None:
    text = shown(secret)
    raws = [boris.raw, boris.subkey("records").raw, CODENAME.entropy, applicant_keys(CODENAME).seed.raw]
    for raw in raws:
        assert raw.hex() not in text
        assert repr(raw)[2:-1] not in text
    assert not any(word in text for word in CODENAME.words)


@every_secret
@pytest.mark.parametrize("take", [pickle.dumps, copy.deepcopy, json.dumps], ids=lambda f: f.__name__)
def test_it_is_not_pickled_copied_or_written(secret: object, take: Callable[[object], object]) -> None:
    with pytest.raises(TypeError):
        take(secret)


@pytest.mark.parametrize("name", ["seed", "subkey", "codename"])
def test_it_does_not_change_and_is_no_key_of_a_dict(name: str) -> None:
    secret = SECRETS[name]
    with pytest.raises(AttributeError):
        secret._raw = b""  # type: ignore[attr-defined]
    with pytest.raises(AttributeError):
        del secret._raw  # type: ignore[attr-defined]
    with pytest.raises(TypeError):
        hash(secret)


def test_secrets_are_equal_only_to_their_own_kind() -> None:
    assert boris == type(boris)(boris.raw)
    assert boris != boris.raw
    assert boris != type(boris.subkey("a"))(boris.raw)
    assert Codename.from_entropy(b"twelve bytes", Language.RUSSIAN) == CODENAME


def refusals() -> dict[str, tuple[type[Exception], Callable[[], object]]]:
    place_for_another = type(PLACE)("entry", 1, "talk entry", "body", "18")
    sealed = seal(boris.sealing().public, PLACE, b"body")
    wrapped = wrap(boris.subkey("a"), PLACE, b"body", random=repeatable("n"))
    locked = lock_seed(boris, "correct horse", PassphraseProfile.CHEAP, repeatable("n"), PLACE)
    cheap = PassphraseProfile.CHEAP
    return {
        "open": (CannotOpen, lambda: open_sealed(boris.sealing(), place_for_another, sealed)),
        "unwrap": (CannotOpen, lambda: unwrap(boris.subkey("a"), place_for_another, wrapped)),
        "unlock": (WrongPassphrase, lambda: unlock_seed(locked, "battery staple", PLACE, weakest=cheap)),
        "codename": (UnknownCodename, lambda: Codename.parse("abandon ability able battery staple")),
    }


@pytest.mark.parametrize("name", ["open", "unwrap", "unlock", "codename"])
def test_a_refusal_says_nothing_of_what_it_refused_and_hides_its_cause(name: str) -> None:
    kind, act = refusals()[name]
    with pytest.raises(kind) as refused:
        act()
    said = "".join(traceback.format_exception_only(refused.value))
    assert not any(word in said for word in ("battery", "staple", "abandon", "horse", "17", "18"))
    assert refused.value.__cause__ is None
    assert refused.value.__context__ is None or refused.value.__suppress_context__
