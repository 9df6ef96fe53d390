"""Packs broken in ways people and machines break them: always named faults or a whole atlas, nothing else.

Run as a program (`python -m tests.atlas.test_thousands_of_broken_packs_are_refused_by_name 5000`) it does as many as
asked for; the test does a few hundred of the same, from a fixed seed.
"""

import random
import sys
from collections import Counter

from tests.atlas.small_pack import FILES
from tropa.atlas import Atlas, PackError
from tropa.atlas.pack import load_files

PUT = [
    *(
        "",
        "-1",
        "2026-02-30",
        "nan",
        "[]",
        "[[]]",
        "{}",
        "~",
        "'",
        '"',
        "[",
        "]",
        "*a",
        "&a b",
        "!!int 3",
        ": ",
        "\t",
    ),
    *(
        "NO",
        "RU",
        "QQ",
        "fp10",
        "coach",
        "999999999999",
        "1e9",
        "\u0000",
        "\ufeff",
        "\r\n",
        "ж",
        "📌",
        "--- \n",
        "%YAML 9",
    ),
]


def broken(chance: random.Random) -> dict[str, bytes]:
    """The small pack with one to four faults."""
    pack = {name: text.encode() for name, text in FILES.items()}
    for _fault in range(chance.randint(1, 4)):
        name = chance.choice(sorted(pack))
        pack[name] = spoil(pack[name], chance)
        if chance.random() < 0.05:
            del pack[name]
        if not pack:
            break
    return pack


def spoil(content: bytes, chance: random.Random) -> bytes:
    """One fault in one file: a line lost, doubled, moved or given another value, a byte changed, an end cut off."""
    lines = content.split(b"\n")
    at = chance.randrange(len(lines))
    match chance.randrange(8):
        case 0:
            del lines[at]
        case 1:
            lines.insert(at, lines[chance.randrange(len(lines))])
        case 2:
            lines[at] = lines[at].partition(b":")[0] + b": " + chance.choice(PUT).encode()
        case 3:
            lines[at] = b" " * chance.randrange(6) + lines[at].lstrip()
        case 4:
            other = chance.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        case 5:
            return content[: chance.randrange(len(content) + 1)]
        case 6:
            position = chance.randrange(len(content) + 1)
            return content[:position] + chance.randbytes(chance.randint(1, 3)) + content[position:]
        case _:
            return content * chance.randint(2, 3)
    return b"\n".join(lines)


def outcome(pack: dict[str, bytes]) -> str:
    """`whole` or `refused`; anything but an atlas or named faults is an error of ours."""
    loaded = load_or_refuse(pack)
    if isinstance(loaded, Atlas):
        return "whole"
    assert loaded.problems
    for problem in loaded.problems:
        assert problem.file
        assert problem.line >= 0
        assert str(problem.what)
        assert str(problem.expected)
    return "refused"


def load_or_refuse(pack: dict[str, bytes]) -> Atlas | PackError:
    try:
        return load_files(pack)
    except PackError as refused:
        return refused


def many(number: int, seed: int = 20261122) -> Counter[str]:
    """How many were refused, and how many were whole in spite of what was done to them."""
    chance = random.Random(seed)  # noqa: S311 the same packs on every machine
    return Counter(outcome(broken(chance)) for _pack in range(number))


def test_broken_packs_give_named_faults_only() -> None:
    found = many(300)
    assert found["refused"] > 200
    assert found.total() == 300


if __name__ == "__main__":
    print(dict(many(int(sys.argv[1]))))
