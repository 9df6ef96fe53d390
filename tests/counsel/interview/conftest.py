"""The shipped rules over the shipped pack, every fact of it counting as reviewed."""

from datetime import date

import pytest

from tropa.atlas import EXAMPLE_DAY, SHIPPED_PACK, Atlas, load_pack
from tropa.counsel.interview import Book, Law, read_book


@pytest.fixture(scope="session")
def reviewed_atlas() -> Atlas:
    return load_pack(SHIPPED_PACK, reviewed_as_of=date.min)


@pytest.fixture(scope="session")
def shipped_book() -> Book:
    return read_book()


@pytest.fixture(scope="session")
def law(shipped_book: Book, reviewed_atlas: Atlas) -> Law:
    return Law(shipped_book, reviewed_atlas)


@pytest.fixture
def today() -> date:
    return EXAMPLE_DAY
