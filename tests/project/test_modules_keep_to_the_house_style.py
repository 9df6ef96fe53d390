"""Size, names and opening words of modules."""

import ast
from pathlib import Path

import pytest

LINES = 400
FUNCTION_LINES = 60
REFUSED_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}


@pytest.fixture(scope="session")
def modules(texts: dict[Path, str]) -> dict[Path, str]:
    found = {
        path: text for path, text in texts.items() if path.suffix == ".py" and "migrations" not in path.parts
    }
    assert found
    return found


def test_no_module_passes_four_hundred_lines(modules: dict[Path, str]) -> None:
    assert {path.name: text.count("\n") for path, text in modules.items() if text.count("\n") >= LINES} == {}


def test_no_function_passes_sixty_lines(modules: dict[Path, str]) -> None:
    functions = [
        (path.name, node.name, (node.end_lineno or 0) - node.lineno + 1)
        for path, text in modules.items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]
    assert functions
    assert [function for function in functions if function[2] > FUNCTION_LINES] == []


def test_nothing_is_called_by_a_name_that_says_nothing(modules: dict[Path, str]) -> None:
    assert [path for path in modules if REFUSED_NAMES & set(path.with_suffix("").parts[-2:])] == []


def test_every_module_of_the_package_says_what_it_is_for(modules: dict[Path, str], checkout: Path) -> None:
    package = checkout / "src"
    silent = [
        str(path.relative_to(package))
        for path, text in modules.items()
        if path.is_relative_to(package) and text.strip() and ast.get_docstring(ast.parse(text)) is None
    ]
    assert silent == []
