"""The process that opens letters: what strangers sent is decrypted, unpacked and taken apart here and nowhere else.

Kept true: it has bounds of memory and time, so that a letter that unpacks to more than a machine holds ends this
process and not the gateway's; it opens no connection and no file, and ends with its parent's pipe. It reads a head (one
letter and which of its files is wanted, or none), the letter, and answers with what it says, or the file.
"""

from __future__ import annotations

import json
import resource
import struct
import sys
from typing import IO

from tropa.channels.mail.keys import Keys, keys_of
from tropa.channels.mail.letter import Closed, Letter, read_letter, sender_of, written_at

HEAD = struct.Struct(">iQ")
ANSWER = struct.Struct(">Q")
WHOLE = -1
"""The letter is wanted, rather than one of its files."""
SENDER = -2
"""Only whose it says it is: of a letter that ended a process before."""
LARGEST_LETTER = 56 * 1024 * 1024
"""A file of 25 MB, written out as text twice over, and its words."""


def main() -> None:
    """Answers until nobody asks."""
    asked, said = sys.stdin.buffer, sys.stdout.buffer
    told = json.loads(_exactly(asked, HEAD.unpack(_exactly(asked, HEAD.size))[1]))
    bounds = {resource.RLIMIT_AS: int(told["memory"]), resource.RLIMIT_CORE: 0, resource.RLIMIT_FSIZE: 0}
    for name, most in bounds.items():
        resource.setrlimit(name, (most, most))
    keys = keys_of(told)
    while len(head := asked.read(HEAD.size)) == HEAD.size:
        which, size = HEAD.unpack(head)
        answer = _answer(_exactly(asked, size), which, keys)
        said.write(ANSWER.pack(len(answer)))
        said.write(answer)
        said.flush()


def _answer(mail: bytes, which: int, keys: Keys) -> bytes:
    letter = None
    if which != SENDER:
        try:
            letter = read_letter(mail, keys)
        except Closed:
            letter = None
    if which >= 0:
        return letter.files[which].content if letter is not None and which < len(letter.files) else b""
    told = {"from": sender_of(mail), "at": written_at(mail)} | (_told(letter) if letter is not None else {})
    return json.dumps(told).encode()


def _told(letter: Letter) -> dict[str, object]:
    return {
        "how": letter.how.value,
        "partner": letter.partner,
        "seal": letter.seal,
        "text": letter.text,
        "left_out": letter.left_out,
        "files": [
            {"name": file.name, "type": file.media_type, "size": len(file.content)} for file in letter.files
        ],
    }


def _exactly(source: IO[bytes], size: int) -> bytes:
    found = source.read(size)
    if len(found) != size:
        sys.exit(0)
    return found


if __name__ == "__main__":
    main()
