"""The envelope knows no clock, network or disk but its word lists, and no randomness it was not handed."""

import ast
from pathlib import Path

import pytest

import tropa.envelope

MODULES = sorted(Path(tropa.envelope.__file__).parent.glob("*.py"))
ALLOWED = {
    "collections", "cryptography", "dataclasses", "datetime", "difflib", "enum", "functools", "hashlib", "hmac",
    "importlib", "itertools", "json", "re", "shamir_mnemonic", "tropa", "typing", "unicodedata",
}  # fmt: skip
FORBIDDEN_CALLS = {
    "now",
    "today",
    "utcnow",
    "urandom",
    "token_bytes",
    "generate_key",
    "open",
    "print",
    "eval",
}


def imported(tree: ast.Module) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_module_imports_only_what_is_pure(path: Path) -> None:
    names = imported(ast.parse(path.read_text(encoding="utf-8")))
    assert {name.split(".")[0] for name in names} <= ALLOWED
    assert not any(name.startswith("tropa.") and not name.startswith("tropa.envelope") for name in names)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_module_asks_neither_the_clock_nor_the_system(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            assert called not in FORBIDDEN_CALLS, f"{path.name} calls {called}"


def test_there_are_modules_to_look_at() -> None:
    assert len(MODULES) >= 15
