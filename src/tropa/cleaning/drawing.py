"""Draws pictures and documents anew. Runs in the process of its own, on bytes nobody trusts.

A copy is made of pixels: a fresh picture gets nothing but them, so no place, date, name of a camera, thumbnail,
comment, script or attached file can come along. The text of a document becomes a picture of it. What is drawn into
the pixels stays: a face, a letterhead, dots a printer leaves, the noise of a camera's sensor.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable

import pypdfium2
from PIL import (
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageOps,
    JpegImagePlugin,
    MpoImagePlugin,
    PdfImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

from tropa.cleaning.errors import CannotClean, Why

MOST_PIXELS = 60_000_000
LONGEST_SIDE = 3200
MOST_PAGES = 40
PAGE_SIDE = 1700
"""Pixels of a page's longer side: about 145 to the inch on A4."""
QUALITY = 88
LOSSY = {"JPEG", "MPO", "WEBP"}
PICTURES = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")

KNOWN = (
    BmpImagePlugin,
    GifImagePlugin,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)
WRITES = PdfImagePlugin
"""Loaded by name, so that no other decoder ever is."""

Drawn = tuple[str, bytes, int]
"""The media type of the copy, its bytes, and its pages."""


def draw(content: bytes) -> Drawn:
    """A copy of what `content` shows, by what it is and not by what it is called. Raises CannotClean."""
    return _drawer(content)(content)


def _drawer(content: bytes) -> Callable[[bytes], Drawn]:
    return _document if content.lstrip()[:5] == b"%PDF-" else _picture


def _picture(content: bytes) -> Drawn:
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with Image.open(io.BytesIO(content), formats=PICTURES) as opened:
            _fits(opened)
            kind = opened.format or ""
            opened.load()
            turned = ImageOps.exif_transpose(opened)
            fresh = _pixels(turned, transparent=kind not in LOSSY)
    except CannotClean:
        raise
    except Image.DecompressionBombError:
        raise CannotClean(Why.TOO_LARGE) from None
    except UnidentifiedImageError:
        raise CannotClean(Why.UNKNOWN_KIND) from None
    except MemoryError:
        raise CannotClean(Why.TOO_LONG) from None
    except Exception:  # noqa: BLE001  # a decoder raises whatever it likes on bytes made to break it
        raise CannotClean(Why.BROKEN) from None
    written = io.BytesIO()
    if kind in LOSSY:
        fresh.save(written, "JPEG", quality=QUALITY)
        return "image/jpeg", written.getvalue(), 1
    fresh.save(written, "PNG")
    return "image/png", written.getvalue(), 1


def _fits(picture: Image.Image) -> None:
    if picture.width * picture.height > MOST_PIXELS:
        raise CannotClean(Why.TOO_LARGE)


def _pixels(picture: Image.Image, *, transparent: bool) -> Image.Image:
    """A picture that shares nothing with the given one but what it shows."""
    seen = picture.has_transparency_data
    drawn = picture.convert("RGBA" if seen else "RGB")
    drawn.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if seen and not transparent:
        white = Image.new("RGB", drawn.size, "white")
        white.paste(drawn, mask=drawn.getchannel("A"))
        drawn = white
    return Image.frombytes(drawn.mode, drawn.size, drawn.tobytes())


def _document(content: bytes) -> Drawn:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as refused:
        raise CannotClean(Why.LOCKED if "password" in str(refused).lower() else Why.BROKEN) from None
    if not 0 < len(document) <= MOST_PAGES:
        raise CannotClean(Why.TOO_LARGE if len(document) else Why.BROKEN)
    try:
        pages = [_page(document[number]) for number in range(len(document))]
    except MemoryError:
        raise CannotClean(Why.TOO_LONG) from None
    except Exception:  # noqa: BLE001  # likewise
        raise CannotClean(Why.BROKEN) from None
    written, never = io.BytesIO(), time.gmtime(0)
    pages[0].save(
        written,
        "PDF",
        save_all=True,
        append_images=pages[1:],
        resolution=PAGE_SIDE / 11.69,
        quality=QUALITY,
        creationDate=never,
        modDate=never,
    )
    return "application/pdf", written.getvalue(), len(pages)


def _page(page: pypdfium2.PdfPage) -> Image.Image:
    """A page as it is printed, forms and marks on it drawn, links and scripts gone."""
    wide, high = page.get_size()
    scale = PAGE_SIDE / max(wide, high, 1)
    bitmap = page.render(scale=scale, may_draw_forms=False, rev_byteorder=True)
    drawn = bitmap.to_pil().convert("RGB")
    return Image.frombytes("RGB", drawn.size, drawn.tobytes())
