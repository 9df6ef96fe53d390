"""The fields of a form without files, read in one go: almost every message is one.

Only the very shape browsers send is read here: parts with a name and nothing else, and file fields in which nothing was
chosen, up to a closing line. Anything else, also what is merely unusual, is left to Django's parser, which reads every
form this one does in the same way.
"""

from __future__ import annotations

import re

from django.http import QueryDict

MOST_PARTS = 20
BOUNDARY = re.compile(r"[\w'()+,./:=?-]{8,70}", re.ASCII)
PART = re.compile(
    rb'\r\nContent-Disposition: form-data; name="(?P<name>\w+)"'
    rb'(?:; filename=""\r\nContent-Type: application/octet-stream)?\r\n\r\n(?P<value>.*)',
    re.DOTALL | re.ASCII,
)


def plain_fields(body: bytes, boundary: str) -> QueryDict | None:
    """The fields of a whole multipart body, or None if it holds anything but plain fields."""
    if not BOUNDARY.fullmatch(boundary):
        return None
    opening = b"--" + boundary.encode()
    before, *parts = (b"\r\n" + body).split(b"\r\n" + opening)
    # a boundary in the middle of a line is one to Django
    if before or not 2 <= len(parts) <= MOST_PARTS or body.count(opening) != len(parts):
        return None
    if parts.pop() not in {b"--\r\n", b"--"}:
        return None
    fields = QueryDict(mutable=True)
    for part in parts:
        found = PART.fullmatch(part)
        if found is None:
            return None
        fields.appendlist(found["name"].decode(), found["value"].decode("utf-8", "replace"))
    return fields
