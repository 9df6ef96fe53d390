"""The journal holds every line that `add` returned from, sealed and in order, through crashes, and lets go of what is
stored elsewhere.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from tropa.gateway.credential import GatewayKeys
from tropa.gateway.journal import MOST_IN_FILE, SealedJournal

KEYS = GatewayKeys.generate()


def journal(directory: Path, account: str = "help") -> SealedJournal:
    """A new life of it."""
    return SealedJournal(directory / f"{account}.journal", KEYS.seed.subkey("journal"), account)


def lines(first: int, last: int) -> list[bytes]:
    return [f"строка {number}".encode() for number in range(first, last)]


def files(directory: Path) -> list[Path]:
    return sorted((directory / "help.journal").iterdir())


def test_what_was_added_is_there_in_the_next_life_in_order(tmp_path: Path) -> None:
    first = journal(tmp_path)
    assert list(first.kept()) == []
    first.add(lines(0, 3))
    first.add(lines(3, 5))
    second = journal(tmp_path)
    assert list(second.kept()) == lines(0, 5)
    second.add(lines(5, 6))
    assert list(journal(tmp_path).kept()) == lines(0, 6)


def test_what_is_forgotten_is_gone_with_its_file(tmp_path: Path) -> None:
    book = journal(tmp_path)
    book.add(lines(0, MOST_IN_FILE))
    book.add(lines(MOST_IN_FILE, MOST_IN_FILE + 2))
    assert len(files(tmp_path)) == 2
    book.forget(MOST_IN_FILE)
    assert list(journal(tmp_path).kept()) == lines(MOST_IN_FILE, MOST_IN_FILE + 2)
    book.forget(2)
    assert files(tmp_path) == []
    book.add(lines(0, 1))
    assert list(journal(tmp_path).kept()) == lines(0, 1)


def test_no_word_of_it_lies_on_the_disk(tmp_path: Path) -> None:
    journal(tmp_path).add(["Пришла повестка".encode()])
    (file,) = files(tmp_path)
    assert "повестка".encode() not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0


def test_a_record_torn_in_the_writing_was_never_there_and_hides_nothing_after_it(tmp_path: Path) -> None:
    book = journal(tmp_path)
    book.add(lines(0, 3))
    (file,) = files(tmp_path)
    whole = file.read_bytes()
    for cut in random.Random(3).sample(range(1, len(whole)), 40):  # noqa: S311  the same each time
        file.write_bytes(whole[:cut])
        later = journal(tmp_path)
        before = list(later.kept())
        assert before == lines(0, len(before))
        later.add(lines(7, 8))
        assert list(journal(tmp_path).kept()) == [*before, *lines(7, 8)]
        for path in files(tmp_path):
            path.unlink()
        file.write_bytes(whole)


def test_a_changed_swapped_or_moved_record_is_seen_and_the_rest_reads(tmp_path: Path) -> None:
    book = journal(tmp_path)
    book.add([b"x" * 1000, b"y" * 1000, b"z" * 1000])
    (file,) = files(tmp_path)
    whole = bytearray(file.read_bytes())
    record = len(whole) // 3
    flipped = whole.copy()
    flipped[record + 100] ^= 1
    file.write_bytes(flipped)
    assert list(journal(tmp_path).kept()) == [b"x" * 1000, None, b"z" * 1000]
    file.write_bytes(whole[record : 2 * record] + whole[:record] + whole[2 * record :])
    assert list(journal(tmp_path).kept()) == [None, None, b"z" * 1000]
    file.write_bytes(b"\xff\xff\xff\xff" + whole)
    assert list(journal(tmp_path).kept()) == [None]
    file.write_bytes(whole)
    (tmp_path / "help.journal").rename(tmp_path / "other.journal")
    assert list(journal(tmp_path, "other").kept()) == [None, None, None]


def test_a_full_disk_adds_all_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = journal(tmp_path)
    book.add(lines(0, 1))
    genuine = os.write
    written: list[int] = []

    def write(target: int, content: memoryview) -> int:
        if written:
            raise OSError(28, "no space left on device")
        written.append(genuine(target, content[:10]))
        return written[0]

    with monkeypatch.context() as full:
        full.setattr(os, "write", write)
        with pytest.raises(OSError, match="no space"):
            book.add(lines(1, 3))
    assert list(journal(tmp_path).kept()) == lines(0, 1)
    book.add(lines(1, 2))
    assert list(journal(tmp_path).kept()) == lines(0, 2)


def test_random_lives_lose_and_double_nothing_that_was_not_forgotten(tmp_path: Path) -> None:
    chance = random.Random(4)  # noqa: S311
    book, expected, number = journal(tmp_path), list[bytes](), 0
    for _step in range(300):
        match chance.randrange(3):
            case 0:
                more = lines(number, number + chance.randint(1, 4))
                number += len(more)
                book.add(more)
                expected += more
            case 1 if expected:
                gone = chance.randint(1, len(expected))
                book.forget(gone)
                expected = expected[gone:]
            case _ if chance.random() < 0.2:
                book = journal(tmp_path)
                kept = list(book.kept())
                assert kept[len(kept) - len(expected) :] == expected
                book.forget(len(kept) - len(expected))
            case _:
                continue
