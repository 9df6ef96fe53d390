"""A first message is sealed and stored, and answered with nine words that nobody keeps."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.desk.world import World
from tests.drop.applicant import TEXT, Applicant, nine_words
from tropa.desk.talk.models import Entry, Thread
from tropa.desk.talk.queries import thread_entries
from tropa.drop.form_token import FormToken
from tropa.envelope import Codename, applicant_keys


def everything_stored() -> str:
    """Every cell of every table, as one text."""
    cells = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  the names come from the database itself
            cells += [cell for row in cursor.fetchall() for cell in row]
    return "\n".join(
        bytes(cell).decode("latin-1") if isinstance(cell, (bytes, memoryview)) else str(cell)
        for cell in cells
    )


def test_people_on_duty_can_read_what_was_written(applicant: Applicant, world: World) -> None:
    applicant.write()
    (entry,) = thread_entries(reader=world.boris.reader(), thread=Thread.objects.get())
    assert entry.text == TEXT


def test_the_words_lead_to_the_thread_that_was_made(applicant: Applicant) -> None:
    applicant.write()
    assert len(applicant.words) == 9
    assert Thread.objects.get().pk == applicant_keys(Codename.parse(" ".join(applicant.words))).thread_id


def test_nothing_of_text_token_or_words_is_stored(applicant: Applicant) -> None:
    token = applicant.token()
    applicant.write("канарейка в шахте", token=token)
    stored = everything_stored()
    secrets = [token, "канарейка", *(word for word in applicant.words if len(word) > 4)]
    assert [
        secret for secret in secrets if secret in stored or secret.encode().decode("latin-1") in stored
    ] == []


def test_a_form_posted_twice_gives_the_same_words_and_one_entry(applicant: Applicant) -> None:
    token = applicant.token()
    first = nine_words(applicant.write(token=token))
    assert nine_words(applicant.write(token=token)) == first
    assert Entry.objects.count() == 1


def test_another_text_of_the_same_form_comes_under_the_same_words(applicant: Applicant) -> None:
    token = applicant.token()
    first = nine_words(applicant.write(token=token))
    assert nine_words(applicant.write("и ещё одно", token=token)) == first
    assert (Thread.objects.count(), Entry.objects.count()) == (1, 2)


def test_two_forms_with_the_same_text_are_two_people(applicant: Applicant) -> None:
    first = nine_words(applicant.write())
    assert nine_words(applicant.write()) != first
    assert Thread.objects.count() == 2


@pytest.mark.parametrize(
    ("said", "stored"), [("now", "now"), ("day", "24h"), ("week", "week"), ("unknown", "unsorted")]
)
def test_urgency_is_as_the_person_says(applicant: Applicant, said: str, stored: str) -> None:
    applicant.write(when=said)
    assert Thread.objects.get().urgency == stored


def test_an_urgency_nobody_offered_loses_nothing(applicant: Applicant) -> None:
    applicant.write(when="yesterday")
    assert Thread.objects.get().urgency == "unsorted"


def test_a_form_that_lost_its_token_is_still_a_message(applicant: Applicant) -> None:
    applicant.write(token="cut off")
    assert len(applicant.words) == 9


def test_the_switch_of_language_shows_the_same_code_in_other_words(applicant: Applicant) -> None:
    token = applicant.token()
    applicant.write(token=token)
    english = nine_words(Applicant("en", applicant.client).post("code/", token=token))
    assert Codename.parse(" ".join(english)).entropy == Codename.parse(" ".join(applicant.words)).entropy
    assert english != applicant.words


def test_the_words_are_shown_to_nobody_without_the_form(applicant: Applicant) -> None:
    applicant.write()
    response = applicant.get("code/")
    assert nine_words(response) == []
    assert response["Location"] == "/ru/"


def test_a_token_shows_no_bytes() -> None:
    token = FormToken(bytes(range(32)))
    assert token.text not in repr(token)
    assert FormToken.parse(token.text) == token
