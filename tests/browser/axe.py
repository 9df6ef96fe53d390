"""axe-core in a page: what of WCAG 2.2, levels A and AA, a page breaks, as far as a program can tell.

The script is put into the page by the browser's own means, past the page's policy; the page itself stays as it is.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
_SCRIPT = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
_RUN = "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})"


def violations(page: Page) -> list[str]:
    """A line for each rule that is broken, with the first elements that break it."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(_SCRIPT)
    found: list[dict[str, Any]] = page.evaluate(_RUN, list(TAGS))["violations"]
    return [_line(one) for one in found]


def _line(found: dict[str, Any]) -> str:
    where = "; ".join(node["html"][:160] for node in found["nodes"][:3])
    return f"{found['id']} ({found['impact']}), {len(found['nodes'])} times: {where}"
