"""Envelope, atlas, planning and counsel read no clock and draw no random numbers: both are handed to them."""

import ast
from pathlib import Path

ROOMS = ("envelope", "atlas", "planning", "counsel")
CLOCKS_AND_CHANCE = {
    "now",
    "today",
    "utcnow",
    "time",
    "time_ns",
    "urandom",
    "token_bytes",
    "getrandbits",
    "uuid4",
}


def calls(tree: ast.Module) -> list[tuple[int, str]]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            found.append((node.lineno, node.func.attr))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            found.append((node.lineno, node.func.id))
    return found


def test_no_pure_room_asks_for_the_time_or_for_chance(texts: dict[Path, str], checkout: Path) -> None:
    package = checkout / "src" / "tropa"
    pure = [
        path
        for path in texts
        if path.suffix == ".py" and any(path.is_relative_to(package / room) for room in ROOMS)
    ]
    assert len(pure) > len(ROOMS)
    asked = [
        f"{path.relative_to(package)}:{line} {name}"
        for path in pure
        for line, name in calls(ast.parse(texts[path]))
        if name in CLOCKS_AND_CHANCE
    ]
    assert asked == []
