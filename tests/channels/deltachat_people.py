"""People on Delta Chat: accounts of a core of their own, as their apps have, which every test shares.

A person is made the first time and stays; each desk they write to is another contact of theirs.
"""

from __future__ import annotations

import itertools
import json
import os
import queue
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.channels.mail_server import DOMAIN, PASSWORD, MailServer
from tropa.channels.deltachat.own import program

PATIENCE = 180.0
DELIVERED = 26


class Problem(Exception):
    """The people's core answered with an error."""


class PeopleCore:
    """The people's core. Every call waits for its answer."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._numbers = itertools.count(1)
        self._answers: dict[int, queue.Queue[dict[str, Any]]] = {}
        threading.Thread(target=self._read, daemon=True).start()

    def call(self, method: str, *values: object) -> Any:
        """One call and what came of it."""
        number = next(self._numbers)
        answer = self._answers[number] = queue.Queue()
        request = {"jsonrpc": "2.0", "id": number, "method": method, "params": values}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        self._process.stdin.flush()
        said = answer.get(timeout=PATIENCE)
        if "error" in said:
            raise Problem(said["error"])
        return said.get("result")

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            said = json.loads(line)
            self._answers.pop(said["id"]).put(said)


class People:
    """Everybody, by address."""

    def __init__(self, server: MailServer, core: PeopleCore) -> None:
        self.server, self.core = server, core
        self._accounts: dict[str, int] = {}
        self._chats: dict[tuple[str, str], int] = {}
        self._on_their_way: list[tuple[int, int]] = []

    def account(self, person: str) -> int:
        """A person's account, listening."""
        if person not in self._accounts:
            number = int(self.core.call("add_account"))
            self.core.call("set_config", number, "mdns_enabled", "1")
            self.core.call("add_or_update_transport", number, self._login(address_of(person)))
            self.core.call("start_io", number)
            self._accounts[person] = number
        return self._accounts[person]

    def chat(self, person: str, card: str) -> int:
        """A person's conversation with a desk, whose contact somebody they trust gave them."""
        if (person, card) not in self._chats:
            account = self.account(person)
            (contact,) = self.core.call("import_vcard_contents", account, card)
            self._chats[person, card] = self.core.call("create_chat_by_contact_id", account, contact)
        return self._chats[person, card]

    def joined(self, person: str, card: str, chat: int) -> None:
        """From now on this is their conversation with that desk."""
        self._chats[person, card] = chat

    def write(self, person: str, card: str, text: str, file: Path | None = None, name: str = "") -> int:
        """A person writes; the number of the message in their app. It may still be on its way."""
        account, chat = self.account(person), self.chat(person, card)
        data: dict[str, Any] = {"text": text}
        if file is not None:
            data |= {"file": str(file), "filename": name, "viewtype": "File"}
        number = int(self.core.call("send_msg", account, chat, data))
        self._on_their_way.append((account, number))
        return number

    def until_delivered(self) -> None:
        """Wait until the server has everything that was written."""
        end = time.monotonic() + PATIENCE
        while self.on_their_way():
            assert time.monotonic() < end
            time.sleep(0.01)

    def on_their_way(self) -> bool:
        """Whether the server does not have everything yet."""
        while self._on_their_way:
            account, number = self._on_their_way[0]
            with suppress(Problem):  # taken back: it is nowhere any more
                if self.core.call("get_message", account, number)["state"] < DELIVERED:
                    return True
            self._on_their_way.pop(0)
        return False

    def shown(self, person: str, card: str) -> list[dict[str, Any]]:
        """What a person's app shows of the desk, oldest first."""
        account, chat = self.account(person), self.chat(person, card)
        numbers = self.core.call("get_message_ids", account, chat, False, False)
        if not numbers:
            return []
        found = self.core.call("get_messages", account, numbers)
        messages = [found[str(number)] for number in numbers]
        return [each for each in messages if each["fromId"] > 9 and not each["isInfo"]]

    def _login(self, address: str) -> dict[str, object]:
        host = {"imapServer": "127.0.0.1", "smtpServer": "127.0.0.1"}
        ports = {"imapPort": self.server.imap, "smtpPort": self.server.smtp}
        ways = {"imapSecurity": "ssl", "smtpSecurity": "ssl"}
        login = {"addr": address, "password": PASSWORD, "certificateChecks": "acceptInvalidCertificates"}
        return {**host, **ports, **ways, **login}


def address_of(person: str) -> str:
    """Where a person is reached."""
    return f"p{person}@{DOMAIN}"


@contextmanager
def people(server: MailServer) -> Iterator[People]:
    """Everybody, on this server."""
    folder = Path(tempfile.mkdtemp(prefix="people"))
    process = subprocess.Popen(
        [program()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"DC_ACCOUNTS_PATH": str(folder / "accounts"), "PATH": os.defpath},
    )
    try:
        yield People(server, PeopleCore(process))
    finally:
        assert process.stdin is not None
        with suppress(OSError):
            process.stdin.close()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)
        assert process.stdout is not None
        process.stdout.close()
        shutil.rmtree(folder, ignore_errors=True)


def until(holds: Callable[[], Any]) -> Any:
    """Ask again until it holds."""
    end = time.monotonic() + PATIENCE
    while not (found := holds()):
        assert time.monotonic() < end
        time.sleep(0.02)
    return found
