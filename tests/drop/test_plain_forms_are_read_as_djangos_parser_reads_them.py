"""A form without files is read in one go, and says what Django's parser would have said; all else is left to that."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from tropa.drop import posted
from tropa.drop.plain_form import MOST_PARTS, plain_fields
from tropa.drop.posted import Posted

BOUNDARY = "----WebKitFormBoundaryx7Yz"
NO_FILE = (
    '\r\nContent-Disposition: form-data; name="files"; filename=""'
    "\r\nContent-Type: application/octet-stream\r\n\r\n"
)
NAMES = st.sampled_from(["text", "token", "when", "words", "text"])
VALUES = (
    st.binary(max_size=60)
    | st.text(max_size=60).map(str.encode)
    | st.sampled_from(
        [
            b"",
            b"\r\n",
            b"--",
            b"a\r\n--",
            BOUNDARY.encode(),
            b"\r\n" + BOUNDARY.encode(),
            b"\xff\xfe",
            b"\r\n\r\n",
        ]
    )
)


def part(name: str, value: bytes) -> bytes:
    return f'\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value


def form(parts: list[bytes], *, end: bytes = b"--\r\n") -> bytes:
    opening = b"--" + BOUNDARY.encode()
    return b"".join(opening + each + b"\r\n" for each in parts) + opening + end


def read(body: bytes) -> Posted:
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/ru/",
        "CONTENT_TYPE": f"multipart/form-data; boundary={BOUNDARY}",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
    }
    with posted.posted(WSGIRequest(environ)) as found:
        return found


def as_django_reads(body: bytes) -> Posted:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(posted, "plain_fields", lambda _body, _boundary: None)
        return read(body)


def lists(fields: QueryDict) -> dict[str, list[object]]:
    return dict(fields.lists())


@given(st.lists(st.tuples(NAMES, VALUES), min_size=1, max_size=6), st.booleans())
def test_what_is_read_is_what_django_reads(fields: list[tuple[str, bytes]], with_file: bool) -> None:
    body = form([*(part(*field) for field in fields), *([NO_FILE.encode()] if with_file else [])])
    quick, slow = read(body), as_django_reads(body)
    assert lists(quick.fields) == lists(slow.fields)
    assert (
        (quick.whole, quick.files, quick.refused) == (slow.whole, slow.files, slow.refused) == (True, (), 0)
    )


def test_a_browsers_form_is_read_in_one_go() -> None:
    body = form([part("token", b"x"), part("text", "да\r\nнет".encode()), NO_FILE.encode()])
    found = plain_fields(body, BOUNDARY)
    assert found is not None
    assert lists(found) == {"token": ["x"], "text": ["да\r\nнет"], "files": [""]}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"x" + form([part("text", b"a")]),
        form([part("text", b"a")])[:-6],
        form([part("text", b"a")], end=b"--\r\nmore"),
        form([part("text", b"a")], end=b"\r\n"),
        form([]),
        form([part("a b", b"a")]),
        form([part("text", b"mid --" + BOUNDARY.encode() + b" line")]),
        form([b"\r\nContent-Disposition: form-data; name=text\r\n\r\na"]),
        form([b'\r\nContent-Disposition: form-data; name="f"; filename="a.txt"\r\n\r\na']),
        form([part("text", b"a")] * MOST_PARTS),
    ],
)
def test_whatever_is_unusual_is_left_to_django(body: bytes) -> None:
    assert plain_fields(body, BOUNDARY) is None
    assert lists(read(body).fields) == lists(as_django_reads(body).fields)
    assert read(body).whole == as_django_reads(body).whole


@pytest.mark.parametrize("boundary", ["", "short", "x" * 71, "with space", "пограничный"])
def test_an_unusual_boundary_is_left_to_django(boundary: str) -> None:
    assert plain_fields(form([part("text", b"a")]), boundary) is None
