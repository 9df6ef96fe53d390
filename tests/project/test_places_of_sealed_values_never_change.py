"""Every place a value is sealed, wrapped or signed for stands in a golden file: one that is changed opens nothing that
was stored before it. Places are read from the source, so that a new one cannot be forgotten.

`python -m tests.project.test_places_of_sealed_values_never_change` adds new places to the file and takes none away.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "tropa"
GOLDEN = Path(__file__).parent / "golden" / "places_1.json"
PARTS = 5  # label, version, table, column, row


def places() -> Iterator[str]:
    """Each construction of a `Context` outside the envelope, as `module: label | version | table | column | row`."""
    for path in sorted(SOURCE.rglob("*.py")):
        module = path.relative_to(SOURCE).with_suffix("").as_posix()
        if module.startswith("envelope/"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Context":
                assert len(node.args) == PARTS, f"{module} names the parts of a place in another way"
                yield f"{module}: " + " | ".join(ast.unparse(part) for part in node.args)


def stored() -> list[str]:
    found: list[str] = json.loads(GOLDEN.read_text(encoding="utf-8"))
    return found


def test_a_place_that_was_written_down_is_still_the_same() -> None:
    gone = set(stored()) - set(places())
    assert not gone, "what was sealed for these opens no more; a new format gets a new version beside the old"


def test_a_new_place_is_written_down() -> None:
    missing = sorted(set(places()) - set(stored()))
    assert not missing, "python -m tests.project.test_places_of_sealed_values_never_change writes them down"


def test_no_two_kinds_of_value_share_a_place() -> None:
    """Label, table, column and row tell every kind from every other."""
    found = [place.partition(": ")[2] for place in places()]
    assert len(found) == len(set(found))


if __name__ == "__main__":
    GOLDEN.parent.mkdir(exist_ok=True)
    before = set(stored()) if GOLDEN.exists() else set()
    GOLDEN.write_text(json.dumps(sorted(before | set(places())), indent=1, ensure_ascii=False) + "\n")
