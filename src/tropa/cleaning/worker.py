"""The drawing process: `python -m tropa.cleaning.worker`. Bytes come in, a line of JSON and a copy go out, or the line
alone with the reason why there is none. It says nothing else, above all nothing of what it saw.
"""

from __future__ import annotations

import json
import sys

from tropa.cleaning.confined import confine, without_network
from tropa.cleaning.errors import CannotClean


def main() -> None:
    """One copy, and the end."""
    without_network()
    from tropa.cleaning.drawing import draw  # noqa: PLC0415  # its libraries start threads, which keep their network

    content = sys.stdin.buffer.read()
    confine()
    out = sys.stdout.buffer
    try:
        media_type, copy, pages = draw(content)
    except CannotClean as refused:
        out.write(json.dumps({"why": refused.why.value}).encode() + b"\n")
        return
    out.write(json.dumps({"type": media_type, "pages": pages}).encode() + b"\n")
    out.write(copy)


if __name__ == "__main__":
    main()
