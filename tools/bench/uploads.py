"""Large uploads: each a first message with five files just under the cap, over a connection of its own.

`python -m tools.bench.uploads` sends them from a process of its own and prints what came of it as JSON.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import secrets
import sys
import threading

from tools.bench.submission import TOKEN, WORDS

FILES = 5
FILE_BYTES = 24_000_000
PATIENCE = 300.0


def upload(port: int) -> tuple[bool, bool]:
    """One message with its files: whether nine words came, and whether the page says that files were not taken."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    boundary = f"----WebKitFormBoundary{secrets.token_hex(8)}"
    files = [
        _file(boundary, number) for number in range(FILES)
    ]  # before the form: its line is not kept open for ever
    try:
        connection.request("GET", "/ru/")
        found = TOKEN.search(connection.getresponse().read())
        if found is None:
            return False, False
        parts = [_field(boundary, "token", found[1]), _field(boundary, "text", "Снимки повестки".encode())]
        body = b"".join([*parts, *files, f"--{boundary}--\r\n".encode()])
        kind = {"Content-Type": f"multipart/form-data; boundary={boundary}", "Sec-Fetch-Site": "same-origin"}
        connection.request("POST", "/ru/", body, kind)
        page = connection.getresponse().read()
        return WORDS.search(page) is not None, b'role="alert"' in page
    except (OSError, http.client.HTTPException):
        return False, False
    finally:
        connection.close()


def _field(boundary: str, name: str, value: bytes) -> bytes:
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
    return head.encode() + value + b"\r\n"


def _file(boundary: str, number: int) -> bytes:
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="{number}.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    )
    return head.encode() + os.urandom(FILE_BYTES) + b"\r\n"


def main() -> None:
    """Upload at once, and print what came of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--count", type=int, default=6)
    told = parser.parse_args()
    came: list[tuple[bool, bool]] = []
    threads = [threading.Thread(target=lambda: came.append(upload(told.port))) for _each in range(told.count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = sum(words for words, _without in came)
    json.dump(
        {"taken": taken, "sent": told.count, "without": sum(without for _words, without in came)}, sys.stdout
    )


if __name__ == "__main__":
    main()
