"""`tropa channel health`: how every account does, a line each, for a person or a program that watches.

The exit code is 0 when every account is connected and nothing ended unknown that nobody has looked at, and 1 else.
Nothing said here is about people; of times only hours are kept.
"""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import TYPE_CHECKING

from tropa.cli.language import gettext as _
from tropa.cli.set_up import set_up_django

if TYPE_CHECKING:
    from tropa.desk.messengers.accounts import AccountHealth


def add_command(words: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The word after `tropa channel`."""
    one = words.add_parser("health", help=_("how every account does; fails when somebody has to look"))
    one.set_defaults(run=print_health)


def print_health(_arguments: argparse.Namespace) -> int:
    """A line an account and one for the outbox; 1 when somebody has to look."""
    set_up_django()
    from tropa.desk import clock
    from tropa.desk.messengers.accounts import account_healths, outbox

    accounts, out = account_healths(now=clock.now()), outbox()
    for account in accounts:
        print(_line(account))
    print(f"outbox waiting={out.waiting} unknown={out.unknown} undelivered={out.undelivered}")
    return 0 if all(account.well for account in accounts) and not out.unknown else 1


def _line(health: AccountHealth) -> str:
    return (
        f"{health.account} {health.channel} {health.doing} code={health.code or '-'} "
        f"in={_hour(health.last_in)} out={_hour(health.last_out)} waiting={health.waiting} "
        f"held={health.held_until.strftime('%H:%MZ') if health.held_until else '-'} "
        f"spoke={health.beat.strftime('%Y-%m-%dT%H:%MZ')}"
    )


def _hour(at: datetime | None) -> str:
    return at.strftime("%Y-%m-%dT%HZ") if at else "-"
