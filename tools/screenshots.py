"""Takes the README's pictures of the real pages: an example world of its own, a real Chromium, nothing drawn by hand.

Writes `docs/screenshots/*.png`. Run it after a change of the pages: `make screenshots`. With `--all DIR` it writes
there every page whole, in both languages, both schemes and on phone and laptop, for whoever looks for faults.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tools.chromium import FLAGS, ensure
from tropa.cli.rehearse import running
from tropa.rehearsal.applicant import Applicant
from tropa.rehearsal.browser import Value
from tropa.rehearsal.promises import Broken
from tropa.rehearsal.volunteer import Volunteer
from tropa.rehearsal.world import Installation

TARGET = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
WIDE, PHONE = (1440, 900), (360, 740)
TEXTS = {
    "ru": "У меня повестка на 3 декабря, загранпаспорта нет, что делать?",
    "en": "I am summoned for 3 December and have no foreign passport. What can I do?",
}
ANSWERS = {
    "ru": "Здравствуйте. До явки есть время. Внутренний паспорт у вас на руках? Номера не пишите.",
    "en": "Hello. There is time before that day. Do you have your internal passport with you? Write no numbers.",
}

# enough for a way with papers to get and a fork in it
FACTS: dict[str, Value] = {"money_euros": "6000", "least_haven": "asylum"}


@dataclass(frozen=True, slots=True)
class Look:
    """How a page is looked at."""

    language: str
    size: tuple[int, int]
    scheme: str = "light"

    @property
    def name(self) -> str:
        """What tells its pictures from those of the first look."""
        parts = [self.language] if self.language != "ru" else []
        parts += ["dark"] if self.scheme == "dark" else []
        return "".join(f".{part}" for part in parts)


@dataclass(frozen=True, slots=True)
class Story:
    """One conversation, as far as it has come: its people and where its pages are."""

    applicant: Applicant
    lead: Volunteer
    second: Volunteer
    thread: str
    case: str
    review: str


def main() -> int:
    """Take the pictures; 1 when a page could not be reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--all", type=Path, metavar="DIR", help="every page whole, in every look, into this directory"
    )
    everything: Path | None = parser.parse_args().all
    with tempfile.TemporaryDirectory(prefix="tropa-screenshots-") as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=ensure(), args=list(FLAGS))
        try:
            with running(Path(folder) / "data", None) as installation:
                stories = told(installation)
                if everything:
                    take_everything(browser, installation, stories, everything)
                else:
                    take_for_readme(browser, installation, stories)
        except Broken as broken:
            print(f"{broken.promise} [{broken.found}]", file=sys.stderr)
            return 1
        finally:
            browser.close()
    return 0


def told(installation: Installation) -> dict[str, Story]:
    """A conversation in each language: taken, answered, planned, and given to a second reader."""
    people = [Volunteer(installation.desk, who, "ru") for who in installation.people]
    for volunteer in people:
        volunteer.speak(volunteer.sign_in())
        volunteer.unlock()
        last = volunteer.browser.get("/tour/?step=6")
        volunteer.browser.post(next(form for form in last.forms if form.action == "/account/tour/"), last, {})
    return {language: _story(installation, people, language) for language in ("ru", "en")}


def _story(installation: Installation, people: list[Volunteer], language: str) -> Story:
    applicant = Applicant(installation.drop, language)
    applicant.write(TEXTS[language])
    lead = people[1]
    page = lead.take(lead.thread(applicant.thread_id))
    card = page.link("/card/")
    if card is None:
        raise Broken("a taken conversation has a card", page.address)
    page = lead.fill_card(lead.answer(page, ANSWERS[language]))
    page = lead.ask_review(lead.words_for_steps(lead.set_facts(page, more=FACTS)))
    review = page.address.split("?")[0].removeprefix(installation.desk)
    second = next(one for one in people if one is not lead and one.browser.get(review).status == 200)
    case = card.address.removesuffix("card/")
    return Story(applicant, lead, second, f"/threads/{applicant.thread_id}/", case, review)


def released(story: Story) -> None:
    """The second reader approves, the lead sends step one with a check-in in two days."""
    plan = story.review.split("/")[2]
    story.second.approve(story.second.review(plan))
    story.lead.release(story.lead.review(plan), 1, datetime.now(UTC) + timedelta(days=2))


def take_for_readme(browser: Browser, installation: Installation, stories: dict[str, Story]) -> None:
    """The few pictures a reader is shown, as much of each page as a window shows."""
    TARGET.mkdir(parents=True, exist_ok=True)
    looks = [Look("ru", WIDE), Look("en", WIDE)]
    for look in looks:
        _desk(browser, installation, stories[look.language], look, TARGET, whole=False)
    _desk(
        browser,
        installation,
        stories["ru"],
        Look("ru", WIDE, "dark"),
        TARGET,
        whole=False,
        only={"inbox", "workbench"},
    )
    _desk(
        browser,
        installation,
        stories["ru"],
        Look("ru", PHONE),
        TARGET,
        whole=False,
        only={"thread", "workbench"},
    )
    for look in looks:
        with opened(browser, look, script=True) as page:
            _speak(page.context, installation, look)
            visit(page, f"{installation.desk}/sign-in/")
            shoot(page, TARGET, "sign-in", look, whole=False)
    for story in stories.values():
        released(story)
    for look in (Look("ru", PHONE), Look("en", PHONE)):
        _drop(browser, installation, stories[look.language], look, TARGET, whole=True)
    _drop(
        browser,
        installation,
        stories["ru"],
        Look("ru", PHONE, "dark"),
        TARGET,
        whole=True,
        only={"drop-thread"},
    )


def take_everything(
    browser: Browser, installation: Installation, stories: dict[str, Story], target: Path
) -> None:
    """Each page, whole, in every look."""
    target.mkdir(parents=True, exist_ok=True)
    looks = [
        Look(one, size, scheme)
        for one in ("ru", "en")
        for size in (WIDE, PHONE)
        for scheme in ("light", "dark")
    ]
    for look in looks:
        _desk(browser, installation, stories[look.language], look, target, whole=True)
    for story in stories.values():
        released(story)
    for look in looks:
        _drop(browser, installation, stories[look.language], look, target, whole=True)
        _desk(
            browser,
            installation,
            stories[look.language],
            look,
            target,
            whole=True,
            only={"review", "today"},
            late=True,
        )


def _desk(
    browser: Browser,
    installation: Installation,
    story: Story,
    look: Look,
    target: Path,
    *,
    whole: bool,
    only: set[str] | None = None,
    late: bool = False,
) -> None:
    addresses = {
        "today": "/",
        "inbox": "/inbox/",
        "thread": story.thread,
        "card": f"{story.case}card/",
        "workbench": f"{story.case}plan/",
        "review": story.review,
        "review-list": "/review/",
        "answers": "/answers/",
        "answer": "/answers/summons-first-steps/",
        "atlas": "/atlas/",
        "fact": "/atlas/exit-RU/",
        "find": "/find/",
    }
    shown = only or (
        {*addresses} if whole else {"today", "inbox", "thread", "card", "workbench", "review", "find"}
    )
    reader = story.second if not late else story.lead
    for name, address in addresses.items():
        if name in shown:
            who = reader if name.startswith("review") else story.lead
            with opened(browser, look, script=True) as page:
                let_in(page.context, installation, who, look)
                visit(page, f"{installation.desk}{address}")
                shoot(page, target, f"{name}{'.released' if late else ''}", look, whole=whole)


def _drop(
    browser: Browser,
    installation: Installation,
    story: Story,
    look: Look,
    target: Path,
    *,
    whole: bool,
    only: set[str] | None = None,
) -> None:
    shown = only or {"drop-write", "drop-code", "drop-thread", *({"drop-return"} if target != TARGET else ())}
    root = f"{installation.drop}/{look.language}/"
    with opened(browser, look, script=False) as page:
        visit(page, root)
        if "drop-write" in shown:
            shoot(page, target, "drop-write", look, whole=whole)
        if "drop-code" in shown:
            page.fill("#text", TEXTS[look.language])
            page.click("main form button.main")
            shoot(page, target, "drop-code", look, whole=whole)
        if "drop-return" in shown:
            visit(page, f"{root}return/")
            shoot(page, target, "drop-return", look, whole=whole)
        if "drop-thread" in shown:
            visit(page, f"{root}return/")
            page.fill("#words", " ".join(story.applicant.words))
            page.click("main form button.main")
            shoot(page, target, "drop-thread", look, whole=whole)


@contextmanager
def opened(browser: Browser, look: Look, *, script: bool) -> Iterator[Page]:
    """A page in a browser of this look."""
    width, height = look.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if look.scheme == "dark" else "light",
        java_script_enabled=script,
        locale="ru-RU" if look.language == "ru" else "en-GB",
    )
    yield context.new_page()
    context.close()


def let_in(context: BrowserContext, installation: Installation, who: Volunteer, look: Look) -> None:
    """Carry a volunteer's visit over, and choose the language of the pages."""
    _speak(context, installation, look)
    visit = {name: value for name, value in who.browser.cookies.items() if "language" not in name}
    for name, value in visit.items():
        _keep_cookie(context, installation, name, value)


def _speak(context: BrowserContext, installation: Installation, look: Look) -> None:
    _keep_cookie(context, installation, "tropa-desk-language", look.language)


def _keep_cookie(context: BrowserContext, installation: Installation, name: str, value: str) -> None:
    """Cookies of this kind have no domain; the address says whose they are."""
    host = installation.desk.partition("://")[2].partition(":")[0]
    context.add_cookies([{"name": name, "value": value, "url": f"https://{host}/", "secure": True}])


def visit(page: Page, address: str) -> None:
    """Open a page; anything but a good answer stops the run, so that no picture shows a fault."""
    response = page.goto(address)
    if response is None or response.status != 200:
        raise Broken("a page answers", f"{address}: {response.status if response else 'nothing'}")


def shoot(page: Page, target: Path, name: str, look: Look, *, whole: bool) -> None:
    """Keep a picture; the drop is shown as on a phone, the desk as on a laptop, unless its name says otherwise."""
    usual = PHONE if name.startswith("drop") else WIDE
    size = "" if look.size == usual else f".{look.size[0]}"
    page.wait_for_load_state("networkidle")
    path = target / f"{name}{look.name}{size}.png"
    page.screenshot(path=str(path), full_page=whole)
    print(path)


if __name__ == "__main__":
    sys.exit(main())
