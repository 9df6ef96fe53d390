"""Headers, names and requests: no page of the drop tells who runs it, fetches anything, or stays anywhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.drop.applicant import Applicant, text_of
from tropa.desk.vault.models import DutyEpoch
from tropa.drop import middleware
from tropa.drop.size_class import SIZE_CLASS

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store, no-transform",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Robots-Tag": "noindex, nofollow",
    "Server": "web",
}
OWN_NAMES = re.compile(r"tropa|тропа|desert|дезертир|идите лесом|django|granian", re.IGNORECASE)


def every_page(applicant: Applicant) -> dict[str, HttpResponse]:
    """One of each kind, errors included."""
    pages = {
        path: applicant.get(path)
        for path in (
            "",
            "return/",
            "answers/",
            "pause/",
            "leave/",
            "code/",
            "questions/",
            "move/",
            "no/such/page",
        )
    }
    pages |= {
        "empty": applicant.write(""),
        "code": applicant.write(),
        "style": applicant.client.get("/style.css"),
    }
    pages["in"] = applicant.come_back()
    pages["answers"] = applicant.answers()
    pages["sent"] = applicant.press("send", text="ещё")
    pages["long"] = applicant.press("send", text="ы" * 20_001)
    pages["foreign"] = applicant.client.post("/ru/", {}, headers={"Sec-Fetch-Site": "cross-site"})
    DutyEpoch.objects.all().update(signature=b"planted")
    pages["broken"] = applicant.write()
    return pages


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_answer_carries_the_headers(applicant: Applicant, language: str) -> None:
    applicant.language = language
    assert middleware.HEADERS == HEADERS
    for name, page in every_page(applicant).items():
        assert {header: page.headers.get(header) for header in HEADERS} == HEADERS, name
        assert page["Content-Length"] == str(len(page.content)), name


@pytest.mark.parametrize("language", ["ru", "en"])
def test_no_page_says_whose_it_is_or_fetches_anything(applicant: Applicant, language: str) -> None:
    applicant.language = language
    for name, page in every_page(applicant).items():
        if page.get("Content-Encoding"):
            continue
        text = text_of(page)
        assert not OWN_NAMES.search(text), name
        assert not re.search(r"<script|<iframe|<img|<object|\son\w+=|\sstyle=|javascript:", text), name
        assert not re.search(r"""(?:src|href|action|formaction)=["'](?:[a-z]+:)?//""", text), name


def test_the_style_sheet_fetches_nothing_and_names_nobody() -> None:
    from tropa.drop.views.style import sheet

    text = sheet().decode()
    assert not re.search(r"url\(|@import|@font-face", text)
    assert not OWN_NAMES.search(text)
    assert "/*" not in text


@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ({}, True),
        ({"Origin": "null"}, True),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": "https://testserver", "Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": "https://elsewhere.example"}, False),
        ({"Origin": "https://testserver.elsewhere.example"}, False),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
    ],
)
def test_a_form_is_taken_from_our_own_pages_alone(
    applicant: Applicant, headers: dict[str, str], taken: bool
) -> None:
    response = Client().post(
        "/ru/return/", {"words": "раз"}, headers={"Host": "testserver", **headers}, secure=True
    )
    assert (response.status_code == 303) is taken


def test_leaving_empties_the_browser_and_ends_somewhere_dull(applicant: Applicant) -> None:
    applicant.write()
    applicant.come_back()
    response = applicant.get("leave/")
    assert (response.status_code, response["Location"]) == (303, "/ru/pause/")
    assert response["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert applicant.client.cookies["__Host-s"].value == ""
    dull = text_of(applicant.get("pause/"))
    assert "<form" not in dull
    assert "<a " not in dull


def test_every_page_has_a_way_out_and_the_other_language(applicant: Applicant) -> None:
    for name, page in every_page(applicant).items():
        if page.status_code == 303 or name in {"pause/", "style"} or page.status_code == 302:
            continue
        text = text_of(page)
        assert 'href="/ru/leave/"' in text, name
        assert ">English<" in text, name


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_first_page_is_under_thirty_kilobytes_even_uncompressed(
    applicant: Applicant, language: str
) -> None:
    applicant.language = language
    style = applicant.client.get("/style.css")
    assert len(applicant.get().content) + len(style.content) <= 30_000


def test_the_style_sheet_is_squeezed_for_browsers_that_can(applicant: Applicant) -> None:
    import gzip

    plain = applicant.client.get("/style.css")
    squeezed = applicant.client.get("/style.css", headers={"Accept-Encoding": "gzip, deflate"})
    assert gzip.decompress(squeezed.content) == plain.content
    assert "Content-Encoding" not in plain


def test_pages_after_a_code_are_not_compressed_and_of_one_size(applicant: Applicant) -> None:
    applicant.write()
    applicant.come_back()
    response = applicant.client.get("/ru/answers/", headers={"Accept-Encoding": "gzip"}, secure=True)
    assert len(response.content) == SIZE_CLASS
    assert "Content-Encoding" not in response


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "ru"),
        ("de,fr", "ru"),
        ("en-US,en;q=0.5", "en"),
        ("en;q=0.3,ru;q=0.9", "ru"),
        ("ru-RU,ru;q=0.9,en-US;q=0.8", "ru"),
        ("en;q=x", "ru"),
    ],
)
def test_the_bare_address_speaks_what_the_browser_asks_for(
    applicant: Applicant, accepted: str, language: str
) -> None:
    response = applicant.client.get("/", headers={"Accept-Language": accepted})
    assert f'<html lang="{language}">' in text_of(response)


def test_an_error_is_logged_by_code_kind_and_place_alone(
    applicant: Applicant, caplog: pytest.LogCaptureFixture, rf: object
) -> None:
    quiet = middleware.QuietMiddleware(lambda _request: HttpResponse())
    try:
        int("канарейка 203.0.113.7")
    except ValueError as error:
        response = quiet.process_exception(rf.get("/ru/?q=канарейка"), error)  # type: ignore[attr-defined]
    logged = caplog.text
    assert "ValueError" in logged
    assert Path(__file__).name in logged
    assert not re.search(r"канарейка|203\.0|\?q=", logged + text_of(response))
    code = re.search(r"<b>([0-9a-f]{8})</b>", text_of(response))
    assert code
    assert code[1] in logged
