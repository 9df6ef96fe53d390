"""A seed in parts of which any two give it again and one tells nothing: Shamir's scheme, for a case nobody holds.

The arithmetic and the digest that shows a wrong pair are those of SLIP-39's own library (`split_ems`,
`recover_ems`), without its words and without its passphrase: parts are never typed, they lie sealed to coordinators.
The library is not hardened against measurement by others on the same machine; a part is split and joined once, in the
request of somebody who is signed in, over keys no stranger chooses.

Part 1: byte 0x01, number (1), number of the set (2, big-endian), value (32).
"""

from collections.abc import Callable
from typing import NoReturn

from shamir_mnemonic.shamir import EncryptedMasterSecret, ShareGroup, recover_ems, split_ems
from shamir_mnemonic.share import Share
from shamir_mnemonic.utils import MnemonicError

from tropa.envelope.errors import SharesDoNotFit
from tropa.envelope.seed import Seed

FORMAT = 1
NEEDED = 2
MOST_PARTS = 16
SET_BITS = 15
PART_BYTES = 1 + 1 + 2 + Seed.length


def split_for_two(seed: Seed, count: int, *, random: Callable[[int], bytes]) -> tuple[bytes, ...]:
    """`count` parts of which any two give `seed`. ValueError unless 2 <= count <= 16."""
    if not NEEDED <= count <= MOST_PARTS:
        raise ValueError(f"there are {NEEDED} to {MOST_PARTS} parts")
    number = int.from_bytes(random(2)) % (1 << SET_BITS)
    ((*shares,),) = split_ems(
        1,
        [(NEEDED, count)],
        EncryptedMasterSecret(number, extendable=True, iteration_exponent=0, ciphertext=seed.raw),
    )
    return tuple(bytes([FORMAT, share.index]) + number.to_bytes(2, "big") + share.value for share in shares)


def join_two(one: bytes, other: bytes) -> Seed:
    """The seed of two different parts of one set. Raises SharesDoNotFit for any others."""
    shares = {_share(one), _share(other)}
    if len({share.identifier for share in shares}) != 1 or len({share.index for share in shares}) != NEEDED:
        _refuse()
    group = ShareGroup()
    for share in shares:
        group.add(share)
    try:
        return Seed(recover_ems({0: group}).ciphertext)
    except (MnemonicError, ValueError):
        _refuse()


def _share(part: bytes) -> Share:
    """A part as the library knows it. Raises SharesDoNotFit for bytes of another form."""
    if len(part) != PART_BYTES or part[0] != FORMAT:
        _refuse()
    return Share(
        identifier=int.from_bytes(part[2:4], "big"),
        extendable=True,
        iteration_exponent=0,
        group_index=0,
        group_threshold=1,
        group_count=1,
        index=part[1],
        member_threshold=NEEDED,
        value=part[4:],
    )


def _refuse() -> NoReturn:
    raise SharesDoNotFit("these two parts give no seed") from None
