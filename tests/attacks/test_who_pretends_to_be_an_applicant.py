"""A stranger before the drop: markup, foreign hosts and forms, odd bodies, stale buttons, big files."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.drop.applicant import Applicant, hidden, text_of
from tropa.desk.audit.models import Refusal
from tropa.desk.talk.models import Chunk, Entry, Thread
from tropa.desk.talk.services import reply, take

if TYPE_CHECKING:
    from tests.desk.world import World

MARKUP = "<script>alert(1)</script><!-- --><img src=x onerror=alert(2)>{{ 7|add:7 }}@{token}@@{word0}@"
MEGABYTE = 1024 * 1024


def test_a_text_given_back_and_an_answer_are_text(applicant: Applicant, world: World) -> None:
    page = applicant.post("", text=MARKUP + "x" * 20_000, token=applicant.token(), when=MARKUP)
    assert "<script>alert" not in text_of(page)
    assert page.content.count(b"<img") == 0
    applicant.write()
    applicant.come_back()
    thread = Thread.objects.get()
    take(reader=world.boris.reader(), thread=thread)
    reply(reader=world.boris.reader(), thread=thread, text=MARKUP)
    answers = applicant.answers()
    assert b"<script>alert" not in answers.content
    assert b"&lt;script&gt;alert" in answers.content
    assert b"@{token}@" in answers.content


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8400", "[::1]"])
def test_a_foreign_host_name_is_never_repeated(applicant: Applicant, host: str) -> None:
    for path in ("", "return/", "answers/", "leave/", "nowhere/"):
        answer = applicant.client.get(f"/ru/{path}", headers={"host": host}, secure=True)
        assert b"evil" not in answer.content
        assert "evil" not in str(answer.headers)


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://testserver.evil.example"},
    ],
)
@pytest.mark.parametrize("path", ["", "open/", "return/", "answers/", "code/"])
def test_forms_of_another_site_are_refused(applicant: Applicant, headers: dict[str, str], path: str) -> None:
    answer = applicant.client.post(
        f"/ru/{path}", {"text": "x", "token": "x", "act": "erase_all"}, headers=headers, secure=True
    )
    assert answer.status_code == 403
    assert not answer.cookies


def test_a_cookie_of_another_kind_or_length_is_nobody(applicant: Applicant) -> None:
    applicant.write()
    applicant.come_back()
    genuine = applicant.client.cookies["__Host-s"].value
    size = len(applicant.answers().content)
    changed = ("B" if genuine[0] == "A" else "A") + genuine[1:]
    for forged in ("", "x", "A" * 5000, genuine[:-1], genuine * 2, changed):
        other = Client()
        other.cookies["__Host-s"] = forged
        page = other.get("/ru/answers/", secure=True)
        assert (page.status_code, len(page.content)) == (200, size)
        assert 'value="erase_all"' not in page.content.decode()


def test_too_many_fields_are_an_error_page_and_store_nothing(applicant: Applicant) -> None:
    applicant.client.raise_request_exception = False
    answer = applicant.post("", **{f"f{n}": "x" for n in range(200)})
    assert answer.status_code in {400, 422}
    many = "&".join(f"f{n}=x" for n in range(200))
    answer = applicant.client.post(
        "/ru/", many, content_type="application/x-www-form-urlencoded", secure=True
    )
    assert answer.status_code in {400, 422}
    assert not Entry.objects.exists()


def test_a_stale_button_of_an_applicant_raises_no_alarm_about_tampering(
    applicant: Applicant, world: World
) -> None:
    from datetime import timedelta

    from tests.desk.plans.example_plans import PERSON, ReadyPlanner
    from tropa.desk.housekeeping import keep_house
    from tropa.desk.plans import planner
    from tropa.desk.plans.models import Release
    from tropa.desk.plans.services import approve, ask_review, release_step, save_facts

    ready = ReadyPlanner()
    planner.use(ready)
    applicant.write()
    thread = Thread.objects.get()
    boris = world.boris.reader()
    case = take(reader=boris, thread=thread, second=world.anna.member)
    thread.refresh_from_db()
    save_facts(reader=boris, case=case, facts=PERSON, version=0)
    plan = ask_review(reader=boris, case=case, thread=thread, plan=ready.set.plans[0])
    approve(reader=world.anna.reader(), plan=plan)
    release_step(reader=boris, step=plan.steps.get(number=1))
    applicant.come_back()
    step = hidden(applicant.answers(), "id")
    keep_house(now=world.now + timedelta(days=2))
    assert bytes(Release.objects.get().sealed_applicant) == b""
    applicant.press("step_keep", id=step)
    applicant.answers()
    planner.use(None)
    assert not Refusal.objects.exists()


def test_big_files_are_stored_in_little_memory(applicant: Applicant) -> None:
    files = [SimpleUploadedFile(f"{n}.bin", bytes(4 * MEGABYTE)) for n in range(5)]
    body = encode_multipart(
        BOUNDARY, {"text": "x", "token": applicant.token(), "when": "now", "files": files}
    )
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    tracemalloc.reset_peak()
    answer = applicant.client.generic("POST", "/ru/", body, content_type=MULTIPART_CONTENT, secure=True)
    peak = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
    assert answer.status_code == 200
    assert Chunk.objects.exists()
    assert peak < (20 + 10) * MEGABYTE  # the client holds the twenty once itself
