"""Pages write days out, never as a row of figures: one grammar for each language on desk and drop."""

from __future__ import annotations

import ast
import re
from pathlib import Path

SAID = {"D", "j E Y", "j E", "j E Y, H:i", "j E, H:i", "H:i"}
FOR_BROWSERS = re.compile(r"""(?:value="|\?on=)\{\{ [\w.]+\|date:'Y-m-d' \}\}""")
IN_TEMPLATE = re.compile(r"""\|date:(["'])(.*?)\1""")


def formats(text: str) -> set[str]:
    return {found[2] for found in IN_TEMPLATE.finditer(FOR_BROWSERS.sub("", text))}


def formats_in_code(source: str) -> set[str]:
    """Every literal among the arguments of `date_format`."""
    calls = [one for one in ast.walk(ast.parse(source)) if isinstance(one, ast.Call)]
    named = [one for one in calls if isinstance(one.func, ast.Name) and one.func.id == "date_format"]
    literals = [one for call in named for told in call.args[1:] for one in ast.walk(told)]
    return {one.value for one in literals if isinstance(one, ast.Constant) and isinstance(one.value, str)} - {
        "ru"
    }


def test_templates_write_days_out(checkout: Path) -> None:
    found = {
        (path.name, one)
        for room in ("desk", "drop")
        for path in (checkout / "src/tropa" / room).rglob("*.html")
        for one in formats(path.read_text(encoding="utf-8"))
    }
    assert len(found) > 30
    assert {(name, one) for name, one in found if one not in SAID} == set()


def test_code_writes_days_out(checkout: Path) -> None:
    found = {
        (path.name, one)
        for room in ("desk", "drop")
        for path in (checkout / "src/tropa" / room).rglob("*.py")
        for one in formats_in_code(path.read_text(encoding="utf-8"))
    }
    assert len(found) > 10
    assert {
        (name, one) for name, one in found if one.replace("\N{NO-BREAK SPACE}", " ") not in {*SAID, "j F"}
    } == set()


def test_another_grammar_is_seen() -> None:
    assert formats('<p>{{ day|date:"d.m.Y" }}</p>') == {"d.m.Y"}
    assert formats("<input value=\"{{ day|date:'Y-m-d' }}\">") == set()
    assert formats("<p>{{ day|date:'Y-m-d' }}</p>") == {"Y-m-d"}
    assert formats_in_code('date_format(now(), "d.m.Y")') == {"d.m.Y"}
