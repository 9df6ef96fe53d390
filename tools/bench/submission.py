"""One honest submission, as cheap on the sender's side as can be: the form fetched, the text sent, nine words read.

`python -m tools.bench.submission` sends many from a process of its own, which may be kept to another core, and prints
what came of it as JSON: how long each took, and how many were answered by nine words.
"""

from __future__ import annotations

import argparse
import http.client
import json
import re
import secrets
import sys
import threading
import time
from dataclasses import dataclass, field

TOKEN = re.compile(rb'name="token" value="([^"]+)"')
WORDS = re.compile(rb'<ol class="words".*?</ol>', re.DOTALL)
ITEM = re.compile(r"<li>([^<]+)</li>")
PATIENCE = 60.0
TEXT = "Пришла повестка, загранпаспорта нет, явка через две недели. Что делать и куда можно уехать? "


@dataclass(slots=True)
class Sent:
    """What came of many submissions. `seconds` each, in the order they ended."""

    seconds: list[float] = field(default_factory=list)
    taken: int = 0
    refused: int = 0
    failed: int = 0
    words: list[str] = field(default_factory=list)

    def add(self, other: Sent) -> None:
        """Count another sender's in."""
        self.seconds += other.seconds
        self.taken += other.taken
        self.refused += other.refused
        self.failed += other.failed
        self.words += other.words


def submit(connection: http.client.HTTPConnection) -> tuple[int, str]:
    """Fetch the form, send a text in it. The status, and the nine words ("": they did not come)."""
    connection.request("GET", "/ru/")
    page = connection.getresponse().read()
    found = TOKEN.search(page)
    if found is None:
        return 0, ""
    body, kind = form(found[1].decode(), TEXT * 3 + secrets.token_hex(8))
    connection.request("POST", "/ru/", body, {"Content-Type": kind, "Sec-Fetch-Site": "same-origin"})
    response = connection.getresponse()
    answer = response.read()
    listed = WORDS.search(answer)
    words = ITEM.findall(listed[0].decode()) if listed else []
    return response.status, " ".join(words) if len(words) == 9 else ""


def form(token: str, text: str) -> tuple[bytes, str]:
    """The first form as browsers send it."""
    boundary = f"----bench{secrets.token_hex(8)}"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in (("token", token), ("text", text), ("when", "week"))
    ]
    return ("".join(parts) + f"--{boundary}--\r\n").encode(), f"multipart/form-data; boundary={boundary}"


def send_many(port: int, count: int, *, pause: float = 0.0, until: float | None = None) -> Sent:
    """One sender: `count` submissions one after another over one connection, `pause` seconds between them, or as many
    as there is time for before `until` (monotonic).
    """
    sent = Sent()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    for _each in range(count):
        if until is not None and time.monotonic() >= until:
            break
        began = time.perf_counter()
        try:
            status, words = submit(connection)
        except (OSError, http.client.HTTPException):
            sent.failed += 1
            connection.close()
            time.sleep(pause)
            continue
        sent.seconds.append(time.perf_counter() - began)
        if words:
            sent.taken += 1
            sent.words.append(words)
        elif status >= 400 or status == 0:
            sent.refused += 1
        else:
            sent.failed += 1
        if pause:
            time.sleep(pause)
    connection.close()
    return sent


def send_at_once(
    port: int, senders: int, each: int, *, pause: float = 0.0, until: float | None = None
) -> Sent:
    """So many senders at the same moment, each with a connection of its own."""
    together, all_sent, lock = threading.Barrier(senders), Sent(), threading.Lock()

    def one() -> None:
        together.wait()
        sent = send_many(port, each, pause=pause, until=until)
        with lock:
            all_sent.add(sent)

    threads = [threading.Thread(target=one) for _each in range(senders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return all_sent


def main() -> None:
    """Send, and print what came of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--senders", type=int, default=1)
    parser.add_argument("--each", type=int, default=1)
    parser.add_argument("--pause", type=float, default=0.0)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--words", action="store_true", help="print the nine words of each as well")
    told = parser.parse_args()
    until = time.monotonic() + told.seconds if told.seconds else None
    sent = send_at_once(told.port, told.senders, told.each, pause=told.pause, until=until)
    json.dump(
        {
            "seconds": sent.seconds,
            "taken": sent.taken,
            "refused": sent.refused,
            "failed": sent.failed,
            "words": sent.words if told.words else [],
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
