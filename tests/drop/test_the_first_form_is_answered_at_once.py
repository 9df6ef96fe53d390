"""The first form comes without a thread, and is the very page the site itself answers, with a token of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.http import HttpResponse

from tropa.drop.first_page import TOKEN, FirstPage
from tropa.drop.form_token import FormToken

if TYPE_CHECKING:
    from tests.drop.applicant import Applicant


@pytest.fixture
def page(applicant: Applicant) -> FirstPage:
    """As the server makes it; the database of the test stays open, as for the test client."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        return FirstPage(WSGIHandler())
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


def asked(applicant: Applicant, path: str, accepted: str) -> HttpResponse:
    return applicant.client.get(path, secure=True, headers={"Accept-Language": accepted})


@pytest.mark.parametrize(
    ("path", "accepted"), [("/", ""), ("/", "en-GB,en;q=0.8"), ("/", "de"), ("/ru/", "en"), ("/en/", "ru")]
)
def test_it_is_the_sites_own_answer_but_for_the_token(
    page: FirstPage, applicant: Applicant, path: str, accepted: str
) -> None:
    ready = page.answer("GET", path, accepted)
    assert ready is not None
    status, headers, body = ready
    answered = asked(applicant, path, accepted)
    assert status == answered.status_code
    assert sorted(headers) == sorted(answered.items())
    assert TOKEN.sub(b"", body) == TOKEN.sub(b"", answered.content)
    assert body != answered.content


def test_every_form_has_a_token_of_its_own_that_is_taken(page: FirstPage, applicant: Applicant) -> None:
    tokens = set()
    for _each in range(3):
        ready = page.answer("GET", "/ru/", "")
        assert ready is not None
        [token] = TOKEN.findall(ready[2])
        assert FormToken.parse(token.decode()) is not None
        tokens.add(token)
    assert len(tokens) == 3
    applicant.write(token=tokens.pop().decode())
    assert len(applicant.words) == 9


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/ru/"), ("HEAD", "/ru/"), ("GET", "/ru"), ("GET", "/ru/return/"), ("GET", "/de/")],
)
def test_everything_else_is_the_sites(page: FirstPage, method: str, path: str) -> None:
    assert page.answer(method, path, "ru") is None
