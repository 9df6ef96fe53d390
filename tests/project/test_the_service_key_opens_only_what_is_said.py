"""The desk's service key is drawn on for what the threat model lists, and for nothing of those who ask for help."""

import re
from pathlib import Path

DRAWN = re.compile(r"""service_seed\(\)\.subkey\(\s*["']([^"']+)["']""")
HEAD = "## What lies under the desk's service key"
OF_PEOPLE_WHO_ASK = (
    "cases",
    "plans/sealing",
    "plans/content",
    "talk/body",
    "talk/files",
    "talk/keys",
    "talk/seals",
    "messengers",
)


def drawn(checkout: Path) -> dict[str, set[str]]:
    """The labels, with the modules that name them."""
    found: dict[str, set[str]] = {}
    for path in sorted((checkout / "src" / "tropa").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        for label in DRAWN.findall(text):
            found.setdefault(label, set()).add(
                path.relative_to(checkout / "src" / "tropa" / "desk").as_posix()
            )
        assert text.count("service_seed()") == len(DRAWN.findall(text)) + text.count("def service_seed()"), (
            path
        )
    return found


def test_the_list_is_that_of_the_source(checkout: Path) -> None:
    page = (checkout / "docs" / "threat-model.md").read_text(encoding="utf-8")
    rows = page.partition(HEAD)[2].partition("\n## ")[0]
    listed = re.findall(r'"([a-z ]+)"', rows)
    assert len(listed) == len(set(listed))
    assert set(listed) == set(drawn(checkout))


def test_no_module_of_what_people_tell_us_uses_it(checkout: Path) -> None:
    modules = set().union(*drawn(checkout).values())
    assert modules
    assert not [one for one in modules if one.startswith(OF_PEOPLE_WHO_ASK)]
