"""Every page carries the same strict headers; logs carry no value, address or text; the
language is a choice.
"""

import logging

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation

from tropa.desk.language import COOKIE, LanguageMiddleware
from tropa.desk.logs import PlainFormatter
from tropa.desk.security import CONTENT_SECURITY_POLICY, HEADERS


@pytest.mark.parametrize("address", ["/sign-in/", "/no-such-page/", "/inbox/"])
def test_every_page_carries_the_headers(address: str, db: None) -> None:
    response = Client().get(address)
    for name, value in HEADERS.items():
        assert response[name] == value


def test_the_policy_lets_in_nothing_but_our_own() -> None:
    sources = {word for part in CONTENT_SECURITY_POLICY.split(";") for word in part.split()[1:]}
    assert sources == {"'none'", "'self'", "data:"}
    assert "default-src 'none'" in CONTENT_SECURITY_POLICY
    assert "data:" not in CONTENT_SECURITY_POLICY.split("img-src")[0]
    assert HEADERS["Cache-Control"] == "no-store"


def test_the_form_cookie_is_bound_to_this_host(db: None) -> None:
    cookie = Client().get("/sign-in/").cookies["__Host-tropa-desk-form"]
    assert cookie["secure"]
    assert cookie["httponly"]
    assert (cookie["path"], cookie["domain"], cookie["samesite"]) == ("/", "", "Strict")


def test_a_form_without_its_token_is_refused(db: None) -> None:
    response = Client(enforce_csrf_checks=True).post("/sign-in/", {"pseudonym": "Борис"})
    assert response.status_code == 403


def fail(error: BaseException) -> None:
    raise error


def logged(*arguments: object, error: BaseException | None = None) -> str:
    record = logging.LogRecord(
        "desk", logging.ERROR, "file.py", 1, "could not open %s for %s", arguments, None
    )
    if error is not None:
        with pytest.raises(type(error)) as raised:
            fail(error)
        record.exc_info = (raised.type, raised.value, raised.tb)
    return PlainFormatter().format(record)


def test_values_never_reach_a_log() -> None:
    assert logged("тайна", "/threads/1/?q=2") == "ERROR desk could not open %s for %s"


def test_an_exception_is_logged_as_its_kind_and_places() -> None:
    line = logged("тайна", "x", error=ValueError("не может быть «тайна»"))
    assert "ValueError" in line
    assert "test_headers_and_logs.py" in line
    assert "тайна" not in line


@pytest.mark.parametrize(("cookie", "language"), [("en", "en"), ("ru", "ru"), ("fr", "ru"), ("", "ru")])
def test_the_language_is_the_cookies_or_russian(cookie: str, language: str) -> None:
    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(translation.get_language())

    request = RequestFactory().get("/")
    request.COOKIES[COOKIE] = cookie
    response = LanguageMiddleware(view)(request)
    assert response.content.decode() == response["Content-Language"] == language
