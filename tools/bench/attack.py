"""Wrong codes in an open loop: so many a second, whether the earlier ones were answered or not.

Each is what costs the drop most: nine listed words of which one is mistyped, so that every reading is tried, and then
the page of answers fetched with the cookie. `python -m tools.bench.attack` runs in a process of its own.
"""

from __future__ import annotations

import argparse
import http.client
import json
import secrets
import sys
import threading
import time
import urllib.parse
from dataclasses import dataclass

from tropa.envelope import Codename, Language

PATIENCE = 30.0
MOST_AT_ONCE = 200


@dataclass(slots=True)
class Answered:
    """How many wrong codes were sent and how many pages came back."""

    sent: int = 0
    answered: int = 0


def attack(port: int, rate: float, seconds: float) -> Answered:
    """Send wrong codes for so long; returns when the last was answered or given up."""
    done, lock, threads = Answered(), threading.Lock(), []
    began = time.monotonic()
    for number in range(int(rate * seconds)):
        time.sleep(max(0.0, began + number / rate - time.monotonic()))
        if threading.active_count() > MOST_AT_ONCE:
            continue
        done.sent += 1
        thread = threading.Thread(target=_one, args=(port, done, lock), daemon=True)
        thread.start()
        threads.append(thread)
    for thread in threads:
        thread.join(PATIENCE)
    return done


def _one(port: int, done: Answered, lock: threading.Lock) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        body = urllib.parse.urlencode({"words": wrong_words()}).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
        connection.request("POST", "/ru/return/", body, kind)
        response = connection.getresponse()
        response.read()
        cookie = (response.getheader("Set-Cookie") or "").partition(";")[0]
        connection.request("GET", "/ru/answers/", headers={"Cookie": cookie})
        connection.getresponse().read()
        with lock:
            done.answered += 1
    except (OSError, http.client.HTTPException):
        pass
    finally:
        connection.close()


def wrong_words() -> str:
    """Nine words nobody has, one letter of one of them mistyped."""
    words = list(Codename.generate(secrets.token_bytes, Language.RUSSIAN).words)
    place = secrets.randbelow(len(words))
    words[place] = words[place][:-1] + "ъ"
    return " ".join(words)


def main() -> None:
    """Attack, and print what came of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--rate", type=float, default=20.0)
    parser.add_argument("--seconds", type=float, required=True)
    told = parser.parse_args()
    done = attack(told.port, told.rate, told.seconds)
    json.dump({"sent": done.sent, "answered": done.answered}, sys.stdout)


if __name__ == "__main__":
    main()
