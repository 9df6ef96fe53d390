"""Telegram's double in a process of its own, so that its work is not counted as the gateway's.

`python -m tools.bench.telegram_beside MESSAGES PEOPLE` fills it with so many messages and prints its address. When a
line comes it prints JSON: of every message it was given the moment (of the machine's monotonic clock), and the text.
"""

from __future__ import annotations

import asyncio
import json
import sys

from tests.channels.telegram_double import BotApiDouble

TEXT = "Пришла повестка, загранпаспорта нет, явка через две недели. Что делать и куда можно уехать? "
FIRST_PERSON = 1000


async def main(messages: int, people: int) -> None:
    """Until it was asked."""
    async with BotApiDouble() as double:
        for number in range(messages):
            double.write(FIRST_PERSON + number % people, f"{TEXT}{number}")
        print(double.url, flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        given = [
            (at, message.get("text", "")) for at, message in zip(double.sent_at, double.sent, strict=True)
        ]
        print(json.dumps(given), flush=True)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
