"""A copy shows what the original shows and carries nothing else of it."""

from __future__ import annotations

import io
from collections.abc import Callable

import pypdfium2
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tropa.cleaning import clean

CANARY = "kanareyka-camera-5521"
RED, BLUE = (210, 20, 30), (20, 40, 200)


def picture() -> Image.Image:
    """Red on the left, blue on the right."""
    drawn = Image.new("RGB", (400, 200), RED)
    drawn.paste(BLUE, (200, 0, 400, 200))
    return drawn


def exif() -> Image.Exif:
    """Who made it, with what, where; and that it is to be turned by 90 degrees."""
    told = Image.Exif()
    told[0x010F] = told[0x013B] = told[0x9286] = CANARY
    told[0x0112] = 6
    told.get_ifd(0x8825).update({1: "N", 2: (55.0, 45.0, 21.0), 29: CANARY})
    return told


def written(kind: str, **told: object) -> bytes:
    file = io.BytesIO()
    picture().save(file, kind, **told)
    return file.getvalue()


def png() -> bytes:
    notes = PngInfo()
    notes.add_text("Author", CANARY)
    notes.add_itxt("XML:com.adobe.xmp", f"<x>{CANARY}</x>", zip=False)
    return written("PNG", pnginfo=notes) + f"behind the end: {CANARY}".encode()


def pdf() -> bytes:
    file = io.BytesIO(written("PDF", author=CANARY, title=CANARY, save_all=True, append_images=[picture()]))
    document = pypdfium2.PdfDocument(file)
    document.new_attachment(CANARY).set_data(CANARY.encode())
    whole = io.BytesIO()
    document.save(whole)
    return whole.getvalue() + f"\n% {CANARY}".encode()


ORIGINALS: dict[str, tuple[Callable[[], bytes], str]] = {
    "JPEG": (lambda: written("JPEG", exif=exif(), comment=CANARY.encode()) + CANARY.encode(), "image/jpeg"),
    "PNG": (png, "image/png"),
    "WebP": (lambda: written("WEBP", exif=exif(), xmp=CANARY.encode()), "image/jpeg"),
    "GIF": (lambda: written("GIF", comment=CANARY.encode()), "image/png"),
    "TIFF": (lambda: written("TIFF", exif=exif(), description=CANARY), "image/png"),
    "BMP": (lambda: written("BMP") + CANARY.encode(), "image/png"),
    "PDF": (pdf, "application/pdf"),
}


@pytest.mark.parametrize("kind", ORIGINALS)
def test_what_the_original_carries_is_not_in_the_copy(kind: str) -> None:
    make, media_type = ORIGINALS[kind]
    original = make()
    assert CANARY.encode() in original or CANARY.encode("utf-16-be") in original, "the test plants nothing"
    copy = clean([original[:1000], original[1000:]])
    assert copy.type == media_type
    for shape in (CANARY.encode(), CANARY.encode("utf-16-be"), CANARY.encode("utf-16-le")):
        assert shape not in copy.content


@pytest.mark.parametrize("kind", set(ORIGINALS) - {"PDF"})
def test_a_picture_shows_the_same_turned_as_it_was_meant(kind: str) -> None:
    make, _media_type = ORIGINALS[kind]
    copy = Image.open(io.BytesIO(clean([make()]).content))
    assert not copy.getexif()
    assert set(copy.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    turned = kind in {"JPEG", "WebP", "TIFF"}  # what was left is above
    assert copy.size == ((200, 400) if turned else (400, 200))
    first, last = ((100, 40), (100, 360)) if turned else ((40, 100), (360, 100))
    for place, colour in ((first, RED), (last, BLUE)):
        seen = copy.convert("RGB").getpixel(place)
        assert isinstance(seen, tuple)
        assert max(abs(one - other) for one, other in zip(seen, colour, strict=True)) < 16


def test_a_document_keeps_its_pages_and_nothing_to_press_or_to_take_out() -> None:
    copy = clean([pdf()])
    document = pypdfium2.PdfDocument(copy.content)
    assert (copy.pages, len(document)) == (2, 2)
    assert document.count_attachments() == 0
    assert not any(
        document.get_metadata_dict(skip_empty=True).get(key) for key in ("Author", "Title", "Producer")
    )
    shown = document[1].render(scale=0.2).to_pil().convert("RGB")
    left = shown.getpixel((shown.width // 4, shown.height // 2))
    assert isinstance(left, tuple)
    assert max(abs(one - other) for one, other in zip(left, RED, strict=True)) < 16


def test_what_is_seen_through_stays_so_and_a_photo_gets_white_behind_it() -> None:
    glass = Image.new("RGBA", (50, 50), (0, 0, 0, 0))
    for kind, media_type in (("PNG", "image/png"), ("WEBP", "image/jpeg")):
        file = io.BytesIO()
        glass.save(file, kind, lossless=True)
        copy = clean([file.getvalue()])
        assert copy.type == media_type
        seen = Image.open(io.BytesIO(copy.content)).getpixel((25, 25))
        assert seen == ((0, 0, 0, 0) if kind == "PNG" else (255, 255, 255))
