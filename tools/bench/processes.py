"""What processes cost: CPU seconds, resident memory, and which core they may use. Linux only."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def cpu_seconds(pid: int) -> float:
    """User and system time of a process with all its threads so far, ended ones included."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def descendants(pid: int) -> list[int]:
    """Every process below this one."""
    below: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*"):
        try:
            children = (task / "children").read_text().split()
        except OSError:
            continue
        for child in map(int, children):
            below += [child, *descendants(child)]
    return below


def command(pid: int) -> list[str]:
    """A process's words; empty when it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return []


def named(*words: str) -> int:
    """The process below us whose command holds all these words. LookupError when there is none."""
    for pid in descendants(os.getpid()):
        if set(words) <= set(command(pid)):
            return pid
    raise LookupError(" ".join(words))


def resident(pid: int) -> tuple[int, int]:
    """RSS and PSS in bytes; PSS counts a page shared by n processes as an n-th for each. Zeros when it has ended."""
    try:
        told = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0, 0
    values = {text.split(":")[0]: int(text.split()[1]) * 1024 for text in told.splitlines() if " kB" in text}
    return values.get("Rss", 0), values.get("Pss", 0)


def rss(pid: int) -> int:
    """Resident bytes, quickly."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except OSError:
        return 0


@contextmanager
def on_core(core: int | None) -> Iterator[None]:
    """Whatever is started within it stays on this core; None, or a machine with one core: anywhere."""
    before = os.sched_getaffinity(0)
    if core is None or len(before) < 2:
        yield
        return
    os.sched_setaffinity(0, {sorted(before)[core % len(before)]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def on_every_core(pid: int) -> Iterator[None]:
    """This process, with its threads, may use any core meanwhile."""
    threads = {
        int(path.name): os.sched_getaffinity(int(path.name)) for path in Path(f"/proc/{pid}/task").iterdir()
    }
    for thread in threads:
        os.sched_setaffinity(thread, range(os.cpu_count() or 1))
    try:
        yield
    finally:
        for thread, before in threads.items():
            with suppress(ProcessLookupError):
                os.sched_setaffinity(thread, before)
