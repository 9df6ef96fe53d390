"""What cannot be drawn is refused with its reason, whatever it is, and nothing comes back in its stead."""

from __future__ import annotations

import io
import random
import struct
import zlib

import pypdfium2
import pytest
from PIL import Image

from tropa.cleaning import Busy, CannotClean, Why, clean, service
from tropa.cleaning.drawing import MOST_PAGES, draw


def jpeg() -> bytes:
    file = io.BytesIO()
    Image.effect_noise((300, 200), 80).convert("RGB").save(file, "JPEG")
    return file.getvalue()


def pdf(pages: int) -> bytes:
    document = pypdfium2.PdfDocument.new()
    for _page in range(pages):
        document.new_page(200, 200)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def bomb() -> bytes:
    """A picture of 900 million pixels in under a megabyte."""

    def part(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    side = 30_000
    rows = zlib.compress(b"\0" * (side // 8 + 1) * side, 9)
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + part(b"IDAT", rows) + part(b"IEND", b"")


REFUSED = {
    "nothing": (lambda: b"", Why.UNKNOWN_KIND),
    "words": ("Повестка".encode, Why.UNKNOWN_KIND),
    "an archive": (lambda: b"PK\x03\x04" + b"\0" * 200, Why.UNKNOWN_KIND),
    "a page with a script": (
        lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        Why.UNKNOWN_KIND,
    ),
    "half a picture": (lambda: jpeg()[: len(jpeg()) // 2], Why.BROKEN),
    "half a document": (lambda: pdf(1)[:60], Why.BROKEN),
    "a document without a page": (lambda: pdf(0), Why.BROKEN),
    "too many pages": (lambda: pdf(MOST_PAGES + 1), Why.TOO_LARGE),
    "too many pixels": (bomb, Why.TOO_LARGE),
}


@pytest.mark.parametrize("what", REFUSED)
def test_it_is_refused_by_name(what: str) -> None:
    make, why = REFUSED[what]
    with pytest.raises(CannotClean) as refused:
        clean([make()])
    assert refused.value.why is why


def test_damaged_files_are_refused_or_drawn_and_break_nothing() -> None:
    """Two hundred files with a few bytes changed: a copy, or a named refusal."""
    chance, ended = random.Random(7), set[str]()  # noqa: S311
    sound = (jpeg(), pdf(2))
    for number in range(200):
        broken = bytearray(sound[number % 2])
        for _change in range(chance.randint(1, 30)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        try:
            ended.add(draw(bytes(broken))[0])
        except CannotClean as refused:
            ended.add(refused.why.value)
    assert len(ended) >= 3, ended


def test_what_takes_too_long_is_ended() -> None:
    with pytest.raises(CannotClean) as refused:
        clean([jpeg()], within=0.001)
    assert refused.value.why is Why.TOO_LONG


def test_one_copy_is_made_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "TURN_SECONDS", 0.0)
    with service._turn, pytest.raises(Busy):
        clean([jpeg()])


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"no json\n",
        b"[]\n",
        b'{"why": "never heard"}\n',
        b'{"type": "text/html", "pages": 1}\n<script>',
        b'{"type": "image/png", "pages": 1}\n\xff\xd8\xff',
        b'{"type": "image/jpeg", "pages": 1}\n',
    ],
)
def test_what_the_drawing_process_says_is_not_believed(answer: bytes) -> None:
    with pytest.raises(CannotClean) as refused:
        service._believed(answer)
    assert refused.value.why is Why.BROKEN
