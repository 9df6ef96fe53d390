"""Takes the README's pictures of the real pages: an example world of its own, a real Chromium, nothing
drawn by hand.

Writes `docs/screenshots/*.png`. Run it after a change of the pages: `make screenshots`.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from tests.running import Installation
from tools.chromium import FLAGS, ensure

TARGET = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 360, "height": 740}
AUTHOR = "lipa"


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="tropa-screenshots-") as folder, sync_playwright() as playwright:
        installation = Installation(Path(folder) / "data", "--example")
        try:
            browser = playwright.chromium.launch(executable_path=ensure(), args=list(FLAGS))
            take_drop(browser, installation)
            take_desk(browser, installation)
            browser.close()
        except (SystemExit, PlaywrightError):
            print(installation.said(), file=sys.stderr)
            raise
        finally:
            installation.stop()


def take_drop(browser: Browser, installation: Installation) -> None:
    page = browser.new_context(viewport=PHONE, java_script_enabled=False, locale="ru-RU").new_page()
    visit(page, installation.drop + "/")
    shoot(page, "drop-write")


def take_desk(browser: Browser, installation: Installation) -> None:
    author = signed_in(browser, installation, AUTHOR)
    visit(author, installation.desk + "/inbox/")
    shoot(author, "inbox")
    visit(author, installation.desk + workbench_of(author, installation))
    fill_facts(author)
    shoot(author, "workbench")
    author.locator("a[href*='/plan/review/']").first.click()
    author.locator("button[name=act][value=ask]").click()
    author.wait_for_url(lambda url: "said=review-asked" in url)
    second = second_reader(browser, installation)
    shoot(second, "review")


def second_reader(browser: Browser, installation: Installation) -> Page:
    """The plan as the person sees it who may read it second; which one of the example people that is, the
    case says.
    """
    for name in sorted(set(installation.sign_ins()) - {AUTHOR}):
        page = signed_in(browser, installation, name)
        visit(page, installation.desk + "/review/")
        waiting = page.locator("main a[href^='/review/']")
        if waiting.count():
            waiting.first.click()
            page.wait_for_url("**/review/*/")
            return page
    raise SystemExit("nobody was asked to read the plan")


def fill_facts(page: Page) -> None:
    """Answer what the card left open, so that there is a way, and let it be computed."""
    workbench = page.url
    page.evaluate("document.querySelectorAll('#facts details').forEach(part => { part.open = true })")
    page.select_option("[name=profile]", "no_summons")
    page.select_option("[name=status-exit_ban]", "no")
    page.select_option("[name=status-summons_in_register]", "no")
    page.check("[name=paper-fp10]")
    page.fill("[name=until-fp10]", "2031-03-01")
    page.fill("[name=money_euros]", "9000")
    page.fill("[name=deadline]", "")
    with page.expect_response(lambda response: "/plan/facts/" in response.url):
        page.click("#facts button:not([type=button])")
    page.wait_for_load_state("networkidle")
    visit(page, workbench)


def workbench_of(page: Page, installation: Installation) -> str:
    """The path of the first workbench this person may open."""
    visit(page, installation.desk + "/")
    pages = [
        "/",
        *page.eval_on_selector_all(
            "main a[href^='/threads/']", "all => all.map(a => a.getAttribute('href'))"
        ),
    ]
    for path in pages:
        visit(page, installation.desk + path)
        found = page.locator("a[href^='/cases/'][href*='/plan/']")
        if found.count():
            return found.first.get_attribute("href") or ""
    raise SystemExit("no case with a workbench was found for this person")


def signed_in(browser: Browser, installation: Installation, name: str) -> Page:
    """A page of the desk, signed in and unlocked as this example person."""
    person = installation.sign_ins()[name]
    page = browser.new_context(viewport=WIDE, locale="ru-RU").new_page()
    visit(page, installation.desk + "/")
    page.fill("[name=pseudonym]", person.pseudonym)
    page.fill("[name=password]", person.password)
    page.fill("[name=code]", installation.code(name))
    page.click("main button.main")
    page.fill("[name=passphrase]", person.passphrase)
    page.click("main button.main")
    page.wait_for_url(installation.desk + "/")
    return page


def visit(page: Page, address: str) -> None:
    """Open a page; anything but a good answer stops the run, so that no picture shows a fault."""
    response = page.goto(address)
    if response is None or response.status != 200:
        raise SystemExit(f"{address} answered {response.status if response else 'nothing'}")


def shoot(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=str(TARGET / f"{name}.png"))
    print(f"docs/screenshots/{name}.png")


if __name__ == "__main__":
    main()
