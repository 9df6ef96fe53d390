"""`tropa channel`: the messenger accounts of this machine.

`add` asks for what the account needs, secrets without echo (or one a line from standard input, for programs), and
stores it sealed. `run` is what `tropa run` and service managers start: one process for one account, which waits while
the gateway's key is not there. Nothing said here names a person, a handle or a token.
"""

from __future__ import annotations

import argparse
import asyncio
import fcntl
import logging
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from getpass import getpass
from typing import TYPE_CHECKING

from tropa.cli import channel_health
from tropa.cli.language import gettext as _
from tropa.cli.set_up import set_up_django

if TYPE_CHECKING:
    from tropa.channels.catalogue import About
    from tropa.channels.values import Invite
    from tropa.gateway.accounts import Account
    from tropa.gateway.credential import GatewayKeys

LOOK_FOR_KEY_EVERY = 5.0


def add_commands(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The words after `tropa channel`."""
    parser = subparsers.add_parser("channel", help=_("messengers: add, list, test and run accounts"))
    words = parser.add_subparsers(required=True, metavar=_("COMMAND"))
    add = words.add_parser("add", help=_("add an account; its settings are asked for"))
    add.add_argument("channel", help=_("the messenger, such as telegram"))
    add.add_argument("name", help=_("what the account is called here: small Latin letters, digits, hyphens"))
    add.set_defaults(run=add_account)
    words.add_parser("list", help=_("the accounts of this machine, and how they do")).set_defaults(
        run=list_accounts
    )
    channel_health.add_command(words)
    for word, summary, work in (
        ("test", _("connect once, and say whether the service knows the account"), test_account),
        ("invite", _("print how people reach the account"), test_account),
        ("run", _("run one account until told to stop"), run_account),
        ("remove", _("forget an account; people and threads stay"), remove_account),
    ):
        one = words.add_parser(word, help=summary)
        one.add_argument("name", help=_("the account's name"))
        one.set_defaults(run=work)
    unlock = words.add_parser("unlock", help=_("enter the gateway's key after the machine has started"))
    unlock.set_defaults(run=unlock_gateway)
    words.add_parser("key", help=_("print the gateway's key, to be written down")).set_defaults(run=print_key)


def add_account(arguments: argparse.Namespace) -> int:
    """Ask, check, store; the gateway's key is made with the first account."""
    set_up_django()
    from tropa.channels.catalogue import about, enrol
    from tropa.channels.errors import ChannelError
    from tropa.gateway.accounts import Account, account_names, refuse_in_training
    from tropa.gateway.accounts import add_account as store
    from tropa.gateway.credential import keys_for_adding
    from tropa.gateway.errors import AccountExists, GatewayError

    try:
        refuse_in_training()
        known = about(arguments.channel)
        if arguments.name in account_names():
            raise AccountExists(arguments.name)
        enrolled = asyncio.run(enrol(known, _ask(known)))
        store(Account(arguments.name, arguments.channel, enrolled.settings), keys_for_adding())
    except (ChannelError, GatewayError) as refused:
        return _refused(refused)
    if enrolled.paper:
        _say(_("write this down beside the gateway's key; it is asked for when the account is added again:"))
        print(enrolled.paper)
    _say(_("added; `tropa run` starts it, or `tropa channel run %s`") % arguments.name)
    return 0


def list_accounts(_arguments: argparse.Namespace) -> int:
    """A line an account: name, channel, how it does."""
    set_up_django()
    from tropa.desk.messengers.models import ChannelHealth
    from tropa.gateway.accounts import account_names

    said = {health.account: health for health in ChannelHealth.objects.all()}
    for name in account_names():
        health = said.get(name)
        words = f"{health.channel} {health.standing} {health.code}".rstrip() if health else "-"
        print(f"{name} {words}")
    return 0


def test_account(arguments: argparse.Namespace) -> int:
    """Connect once and print the invitation; no message is fetched or sent."""
    set_up_django()
    from tropa.channels.catalogue import open_channel
    from tropa.channels.errors import ChannelError
    from tropa.cli.pictures import picture
    from tropa.gateway.errors import GatewayError

    class Nothing:
        """No state and no journal: the account's own stay untouched."""

        async def get(self, _name: str) -> bytes | None:
            return None

        def kept(self) -> Iterator[bytes | None]:
            return iter(())

        def add(self, _lines: Sequence[bytes]) -> None:
            raise AssertionError("nothing is fetched")

        def forget(self, _count: int) -> None:
            """Nothing was kept."""

    async def connect(account: Account) -> Invite:
        channel = open_channel(account.channel, account.settings, Nothing())
        try:
            await channel.start(Nothing())
            return await channel.invite()
        finally:
            await channel.stop()

    try:
        invite = asyncio.run(connect(_account(arguments.name)))
    except (ChannelError, GatewayError) as refused:
        return _refused(refused)
    print(invite.text)
    if invite.qr and sys.stdout.isatty():
        print(picture(invite.text))
    return 0


def remove_account(arguments: argparse.Namespace) -> int:
    """Take the account away from this machine."""
    set_up_django()
    from django.db import DatabaseError

    from tropa.desk.messengers.channel_state import forget_health
    from tropa.gateway.accounts import remove_account as remove
    from tropa.gateway.errors import GatewayError

    try:
        remove(arguments.name)
    except GatewayError as refused:
        return _refused(refused)
    with suppress(DatabaseError):  # where `tropa run` never was, there are no tables yet
        forget_health(account=arguments.name)
    return 0


def unlock_gateway(_arguments: argparse.Namespace) -> int:
    """Read the key from the terminal or standard input and put it where the processes wait for it."""
    set_up_django()
    from tropa.gateway.credential import keys_of, write_keys
    from tropa.gateway.errors import GatewayError

    lines = [_asked(_("line %d of the gateway's key: ") % number, secret=True) for number in (1, 2, 3)]
    try:
        write_keys(keys_of("\n".join(lines)))
    except FileExistsError:
        return _refused(_("the gateway's key is there already"))
    except GatewayError as refused:
        return _refused(refused)
    return 0


def print_key(_arguments: argparse.Namespace) -> int:
    """For the paper that lies in the safe."""
    set_up_django()
    from tropa.gateway.credential import read_keys
    from tropa.gateway.errors import GatewayError

    try:
        print(read_keys().text, end="")
    except GatewayError as refused:
        return _refused(refused)
    return 0


def run_account(arguments: argparse.Namespace) -> int:
    """Run until SIGTERM or SIGINT; 0 then, 1 when the account or the database fails."""
    from tropa.cli.lifeline import harden

    harden()
    set_up_django()
    from tropa.channels.errors import ChannelError
    from tropa.gateway.errors import GatewayError

    try:
        keys = _key_when_there()
        account = _account(arguments.name)
        with _alone(account.name):
            asyncio.run(_run(account, keys))
    except (ChannelError, GatewayError, BlockingIOError) as refused:
        return _refused(refused)
    except Exception:
        logging.getLogger("tropa.gateway").exception("the gateway ends, and starts anew from what is stored")
        return 1
    return 0


async def _run(account: Account, keys: GatewayKeys) -> None:
    from tropa.channels.catalogue import about, open_channel
    from tropa.desk import clock
    from tropa.desk.conf import conf
    from tropa.gateway.journal import journal_of
    from tropa.gateway.process import Gateway, Surroundings

    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    channel = open_channel(account.channel, account.settings, journal_of(account.name, keys))
    around = Surroundings(clock.now, conf.data)
    await Gateway(account, about(account.channel), channel, keys, around).run(stop)


def _key_when_there() -> GatewayKeys:
    """The gateway's key; waits for somebody to enter it. Raises WrongGatewayKey."""
    from tropa.gateway.credential import read_keys
    from tropa.gateway.errors import NoGatewayKey

    said = False
    while True:
        try:
            return read_keys()
        except NoGatewayKey:
            if not said:
                _say(_("waiting for the gateway's key (`tropa channel unlock`)"))
                said = True
            time.sleep(LOOK_FOR_KEY_EVERY)


class _alone:  # noqa: N801  reads as a word at its one place
    """Hold the account's lock. Raises BlockingIOError when another process runs it."""

    def __init__(self, name: str) -> None:
        from tropa.gateway.accounts import folder

        self._file = (folder() / f"{name}.lock").open("w")

    def __enter__(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def __exit__(self, *_: object) -> None:
        self._file.close()


def _account(name: str) -> Account:
    from tropa.gateway.accounts import read_account
    from tropa.gateway.credential import read_keys

    return read_account(name, read_keys())


def _ask(known: About) -> Mapping[str, str]:
    from tropa.channels.texts import in_language

    language = "ru" if _("COMMAND") != "COMMAND" else "en"
    settings = {}
    for setting in known.asked:
        default = f" [{setting.default}]" if setting.default else ""
        question = f"{in_language(setting.asks, language)}{default}: "
        settings[setting.name] = _asked(question, secret=setting.secret)
    return {name: value for name, value in settings.items() if value}


def _asked(question: str, *, secret: bool) -> str:
    """A line from the person at the terminal, or from a program."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    if secret:
        return getpass(question).strip()
    with suppress(EOFError):
        return input(question).strip()
    return ""


def _refused(why: object) -> int:
    _say(str(why) or type(why).__name__)
    return 1


def _say(sentence: str) -> None:
    print(f"tropa: {sentence}", file=sys.stderr, flush=True)
