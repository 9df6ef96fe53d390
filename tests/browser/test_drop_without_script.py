"""The drop as somebody afraid uses it: a phone, no script, nine words on paper, one of them mistyped.

With SCREENSHOTS naming a folder, the pages are kept there as pictures.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.running import Installation

QUESTION = "У меня повестка на 3 декабря, загранпаспорта нет, что делать?"
ANSWER = (
    "Мы прочитали и смотрим, что можно сделать. Напишите, как вам передали повестку: на руки, по почте или в "
    "личном кабинете.\n\n"
    "Ничего пока не подписывайте. Завтра ответим подробно."
)
PHONE = {"width": 360, "height": 740}
Contexts = Callable[..., BrowserContext]


@pytest.fixture
def phone(context: Contexts) -> Page:
    """A phone in Russian, scripts off."""
    return context(java_script_enabled=False, viewport=PHONE, locale="ru-RU").new_page()


def keep_picture(page: Page, name: str) -> None:
    """A picture of the whole page, if pictures are asked for."""
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def write(page: Page, drop: str, text: str, *, language: str = "ru") -> list[str]:
    """Write a first message; the nine words."""
    page.goto(f"{drop}/{language}/")
    page.fill("#text", text)
    page.click("main form button.main")
    words = page.locator(".words li").all_inner_texts()
    assert len(words) == 9
    return words


def come_back(page: Page, drop: str, words: list[str]) -> None:
    """Type nine words."""
    page.goto(f"{drop}/ru/")
    page.click("main a[href='/ru/return/']")
    page.fill("#words", " ".join(words))
    page.click("main form button.main")


def volunteer_answers(example: Installation, written: str, answer: str = ANSWER) -> None:
    """Somebody on staff takes the thread and answers."""
    subprocess.run(
        [sys.executable, "-m", "tests.browser.drop_volunteer", written, answer],
        env={**example.environment, "TROPA_EXAMPLE": "1"},
        check=True,
    )


def test_from_a_first_message_to_an_answer_that_is_read_and_gone(phone: Page, example: Installation) -> None:
    phone.goto(example.drop)
    keep_picture(phone, "drop-write")
    words = write(phone, example.drop, QUESTION)
    keep_picture(phone, "drop-code")
    phone.check("input[name=kept]")
    phone.click("main form button.main")
    expect(phone.locator("h1")).to_have_text("Новых ответов пока нет")

    volunteer_answers(example, QUESTION)
    fourth = words[3]
    mistyped = [*words[:3], fourth[:-1] + ("ъ" if fourth[-1] != "ъ" else "щ"), *words[4:]]
    come_back(phone, example.drop, mistyped)
    expect(phone.locator("h1")).to_have_text("Есть ответ")
    expect(phone.locator(".talk").first).to_contain_text("Завтра ответим подробно.")
    expect(phone.locator("body")).not_to_contain_text("повестка на 3 декабря")
    keep_picture(phone, "drop-thread")

    phone.fill("#more", "Бросили в почтовый ящик.")
    phone.get_by_role("button", name="Отправить").click()
    expect(phone.get_by_role("status")).to_contain_text("Ваше сообщение у нас")
    phone.get_by_role("button", name="Прочитано, стереть").click()
    expect(phone.locator("h1")).to_have_text("Новых ответов пока нет")
    expect(phone.locator("body")).not_to_contain_text("Завтра ответим")


def test_the_two_doors_and_erasing(phone: Page, example: Installation) -> None:
    words = write(phone, example.drop, "Две двери")
    come_back(phone, example.drop, words)
    phone.get_by_role("button", name="Я в безопасности").click()
    expect(phone.get_by_role("status")).to_contain_text("вы в безопасности")
    phone.get_by_role("button", name="Нужен разговор сейчас").click()
    expect(phone.get_by_role("status")).to_contain_text("нужен разговор")
    rows = phone.locator(".talk.own > li")
    expect(rows).to_have_count(3)
    rows.first.get_by_role("button").click()
    expect(rows).to_have_count(2)

    phone.get_by_role("link", name="Стереть всё и выйти").click()
    dialog = phone.get_by_role("dialog")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Стереть").click()
    expect(phone.locator("h1")).to_have_text("Всё стёрто")
    come_back(phone, example.drop, words)
    expect(phone.locator("h1")).to_have_text("Эти слова ничего не открыли")


def test_leaving_takes_the_cookie_and_going_back_shows_nothing(phone: Page, example: Installation) -> None:
    come_back(phone, example.drop, write(phone, example.drop, "Сейчас уйду"))
    assert [cookie["name"] for cookie in phone.context.cookies()] == ["__Host-s"]
    phone.get_by_role("link", name="Уйти отсюда").click()
    expect(phone).to_have_title("Шарлотка")
    assert phone.context.cookies() == []
    phone.go_back()
    expect(phone.locator("h1")).to_have_text("Эти слова ничего не открыли")


def test_a_file_goes_along_and_a_too_long_text_comes_back(
    phone: Page, example: Installation, tmp_path: Path
) -> None:
    picture = tmp_path / "повестка.jpg"
    picture.write_bytes(b"\xff\xd8" + bytes(300_000))
    phone.goto(f"{example.drop}/ru/")
    phone.fill("#text", "ы" * 20_001)
    phone.set_input_files("#files", picture)
    phone.click("main form button.main")
    expect(phone.get_by_role("alert")).to_contain_text("Сократите его на 1")
    assert len(phone.input_value("#text")) == 20_001
    phone.fill("#text", "Вот она")
    phone.set_input_files("#files", picture)
    phone.click("main form button.main")
    expect(phone.locator(".words li")).to_have_count(9)


def test_the_language_can_be_changed_without_losing_the_words(phone: Page, example: Installation) -> None:
    russian = write(phone, example.drop, "По-английски, пожалуйста")
    phone.get_by_role("button", name="English").click()
    expect(phone.locator("h1")).to_contain_text("Keep these nine words")
    english = phone.locator(".words li").all_inner_texts()
    assert english != russian
    come_back(phone, example.drop, english)
    expect(phone.locator("h1")).to_have_text("Новых ответов пока нет")


def test_everything_is_reached_by_keyboard(phone: Page, example: Installation) -> None:
    phone.goto(f"{example.drop}/ru/")
    reached = []
    for _press in range(8):
        phone.keyboard.press("Tab")
        focused = phone.locator("*:focus")
        reached.append(focused.get_attribute("id") or focused.get_attribute("href") or focused.inner_text())
    assert reached[0] == "#main"
    assert {"/en/", "/ru/leave/", "text", "files"} <= set(reached)
    assert "Отправить и получить код" in reached


@pytest.mark.parametrize("width", [320, 360, 768])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["ru", "en"])
def test_no_page_scrolls_sideways(
    context: Contexts, example: Installation, width: int, scheme: str, language: str
) -> None:
    options = {"viewport": {"width": width, "height": 740}, "color_scheme": scheme}
    page = context(java_script_enabled=False, **options).new_page()
    page.goto(f"{example.drop}/{language}/")
    look(page, f"drop-write-{language}-{width}-{scheme}", width)
    words = write(page, example.drop, f"Ширина {width} {scheme} {language}", language=language)
    look(page, f"drop-code-{language}-{width}-{scheme}", width)
    page.check("input[name=kept]")
    page.click("main form button.main")
    look(page, f"drop-waiting-{language}-{width}-{scheme}", width)
    page.goto(f"{example.drop}/{language}/return/")
    page.fill("#words", words[0])
    page.click("main form button.main")
    look(page, f"drop-refused-{language}-{width}-{scheme}", width)


def look(page: Page, name: str, width: int) -> None:
    """Keep a picture; a page as wide as the phone has no corner to its right."""
    page.wait_for_load_state("load")  # before its style sheet came, a page is as wide as its pictures
    keep_picture(page, name)
    box = page.locator("html").bounding_box()
    assert box
    size = page.context.new_cdp_session(page).send("Page.getLayoutMetrics")["cssContentSize"]
    assert size["width"] <= width, name


def test_targets_are_large_enough_for_a_thumb(phone: Page, example: Installation) -> None:
    come_back(phone, example.drop, write(phone, example.drop, "Большой палец"))
    for control in phone.locator("main button:visible, main a.button:visible, header a, header button").all():
        box = control.bounding_box()
        assert box
        assert box["height"] >= 43.9, control.inner_text()


def test_nothing_on_the_console_and_nothing_asked_of_others(phone: Page, example: Installation) -> None:
    said: list[str] = []
    phone.on("console", lambda message: said.append(message.text))
    write(phone, example.drop, "Тихо")
    phone.check("input[name=kept]")
    phone.click("main form button.main")
    assert said == []
