"""Nothing that was written is lost by a refusal: it stands in the form again, with what to do."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from tests.desk.world import World
from tests.drop.applicant import TEXT, Applicant, in_field, nine_words, notice, text_of
from tropa.desk.talk.files import open_file
from tropa.desk.talk.models import Attachment, Entry, Thread
from tropa.desk.talk.queries import thread_entries
from tropa.desk.vault.models import DutyEpoch
from tropa.drop.came import BODY_CAME, Came
from tropa.drop.message import LONGEST_TEXT
from tropa.drop.uploads import CAP

BOUNDARY = "a-boundary-of-ours"


def small_file(name: str = "повестка.jpg", content: bytes = b"\xff\xd8 a picture") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/jpeg")


def multipart(*parts: tuple[str, str]) -> bytes:
    """A whole body; cut it to break it off."""
    head = "".join(
        f"--{BOUNDARY}\r\nContent-Disposition: form-data; {name}\r\n\r\n{value}\r\n" for name, value in parts
    )
    return f"{head}--{BOUNDARY}--\r\n".encode()


def post_raw(body: bytes, path: str = "/ru/", *, came: Came = Came.WHOLE) -> HttpResponse:
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    return Client().generic("POST", path, body, content_type=kind, secure=True, **{BODY_CAME: came})


def test_a_text_over_the_limit_comes_back_letter_for_letter(applicant: Applicant) -> None:
    text = ('Слово <b>"и"</b> & дело.\n' * 2000)[: LONGEST_TEXT + 7]
    response = applicant.write(text)
    assert response.status_code == 422
    assert in_field(response) == text
    assert "Сократите его на 7\N{NO-BREAK SPACE}знаков" in text_of(response)
    assert Entry.objects.count() == 0


def test_a_text_at_the_limit_is_taken(applicant: Applicant) -> None:
    applicant.write("ы" * LONGEST_TEXT)
    assert len(applicant.words) == 9


@pytest.mark.parametrize("text", ["", "  \r\n\t "])
def test_an_empty_message_is_asked_for_one_sentence(applicant: Applicant, text: str) -> None:
    response = applicant.write(text)
    assert response.status_code == 422
    assert notice(response) == "Текста пока нет"


def test_the_form_given_back_is_the_same_form(applicant: Applicant) -> None:
    token = applicant.token()
    applicant.write("", token=token)
    first = nine_words(applicant.write(token=token))
    assert nine_words(applicant.write(token=token)) == first


def test_a_file_over_the_cap_is_refused_and_its_text_kept(applicant: Applicant, world: World) -> None:
    large = small_file(content=bytes(CAP + 1))
    response = applicant.write(files=[large, small_file()])
    assert len(applicant.words) == 9
    assert notice(response) == "Не принят 1 файл"
    (entry,) = thread_entries(reader=world.boris.reader(), thread=Thread.objects.get())
    assert entry.text == TEXT
    assert [file.size for file in entry.files] == [small_file().size]


def test_a_file_at_the_cap_is_taken_whole(applicant: Applicant, world: World) -> None:
    content = bytes(range(256)) * (CAP // 256)
    applicant.write(files=[small_file(content=content)])
    (entry,) = thread_entries(reader=world.boris.reader(), thread=Thread.objects.get())
    assert b"".join(open_file(entry.files[0])) == content


def test_the_sixth_file_is_refused_and_five_are_taken(applicant: Applicant, world: World) -> None:
    response = applicant.write(files=[small_file(f"{n}.jpg") for n in range(6)])
    assert notice(response) == "Не принят 1 файл"
    (entry,) = thread_entries(reader=world.boris.reader(), thread=Thread.objects.get())
    assert [file.name for file in entry.files] == ["0.jpg", "1.jpg", "2.jpg", "3.jpg", "4.jpg"]


def test_files_without_a_word_are_a_message(applicant: Applicant) -> None:
    applicant.write("", files=[small_file()])
    assert len(applicant.words) == 9


def test_a_refused_file_without_a_word_is_explained(applicant: Applicant) -> None:
    response = applicant.write("", files=[small_file(content=bytes(CAP + 1))])
    assert response.status_code == 422
    assert notice(response) == "Не принят 1 файл"


@pytest.mark.parametrize("lost", [3, 6, 40, 200])
def test_a_body_that_broke_off_stores_nothing_and_shows_what_came(applicant: Applicant, lost: int) -> None:
    whole = multipart(('name="text"', TEXT), ('name="files"; filename="a.jpg"', "x" * 150))
    response = post_raw(whole[:-lost])
    assert response.status_code == 422
    assert Entry.objects.count() == 0
    assert TEXT.startswith(in_field(response))


def test_a_body_that_broke_off_after_the_text_loses_none_of_it(applicant: Applicant) -> None:
    whole = multipart(('name="text"', TEXT), ('name="files"; filename="a.jpg"', "x" * 150))
    response = post_raw(whole[:-100])
    assert in_field(response) == TEXT
    assert notice(response) == "Сообщение оборвалось в пути"


def test_files_there_is_no_room_for_are_cut_off_and_the_text_is_taken(applicant: Applicant) -> None:
    whole = multipart(
        ('name="text"', TEXT),
        ('name="files"; filename="a.jpg"', "x"),
        ('name="files"; filename="b.jpg"', "y" * 150),
    )
    response = post_raw(whole[:-100], came=Came.CUT)
    assert len(nine_words(response)) == 9
    assert notice(response) == "Не принят 1 файл"
    assert "сейчас для файлов нет места" in text_of(response)
    assert Entry.objects.count() == Attachment.objects.count() == 1


def test_files_alone_that_there_is_no_room_for_are_explained(applicant: Applicant) -> None:
    whole = multipart(('name="text"', " "), ('name="files"; filename="a.jpg"', "x" * 150))
    response = post_raw(whole[:-100], came=Came.CUT)
    assert response.status_code == 422
    assert "сейчас для файлов нет места" in text_of(response)


def test_a_later_message_whose_files_were_cut_off_says_so(applicant: Applicant) -> None:
    applicant.write()
    applicant.come_back()
    whole = multipart(
        ('name="act"', "send"), ('name="text"', "ещё"), ('name="files"; filename="a.jpg"', "x" * 150)
    )
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    applicant.client.generic(
        "POST", "/ru/answers/", whole[:-100], content_type=kind, secure=True, **{BODY_CAME: Came.CUT}
    )
    assert "сейчас для файлов нет места" in text_of(applicant.answers())
    assert Entry.objects.count() == 2


def test_a_text_that_was_cut_off_in_the_middle_is_not_taken(applicant: Applicant) -> None:
    whole = multipart(('name="text"', TEXT), ('name="when"', "now"))
    response = post_raw(whole[: whole.index(b"when") - 60], came=Came.CUT)
    assert response.status_code == 422
    assert Entry.objects.count() == 0


def test_a_plain_form_that_broke_off_is_given_back(applicant: Applicant) -> None:
    response = Client().generic(
        "POST",
        "/ru/",
        "text=half+a+te",
        content_type="application/x-www-form-urlencoded",
        secure=True,
        **{BODY_CAME: Came.BROKEN},
    )
    assert response.status_code == 422
    assert in_field(response) == "half a te"
    assert Entry.objects.count() == 0


@pytest.mark.parametrize(
    ("path", "status"),
    [("/ru/", 422), ("/ru/code/", 400), ("/ru/open/", 400), ("/ru/return/", 303), ("/ru/answers/", 200)],
)
def test_a_form_with_too_many_fields_is_no_error_of_ours(
    applicant: Applicant, path: str, status: int
) -> None:
    many = "&".join(f"f{n}=x" for n in range(200))
    client = Client(raise_request_exception=False)
    answer = client.post(path, many, content_type="application/x-www-form-urlencoded", secure=True)
    assert answer.status_code == status
    assert Entry.objects.count() == 0


def test_a_body_that_is_no_form_is_answered_with_the_form(applicant: Applicant) -> None:
    assert post_raw(b"\x00\xff nothing like a form").status_code == 422


def test_when_nothing_can_be_stored_the_text_comes_back(applicant: Applicant) -> None:
    DutyEpoch.objects.update(signature=b"planted")
    response = applicant.write()
    assert response.status_code == 503
    assert in_field(response) == TEXT
    assert notice(response) == "Мы не смогли сохранить сообщение"


def test_the_switch_of_language_keeps_what_was_typed(applicant: Applicant) -> None:
    response = Applicant("en", applicant.client).post("", text=TEXT, token=applicant.token(), switch="1")
    assert in_field(response) == TEXT
    assert "Tell us what happened" in text_of(response)
    assert Entry.objects.count() == 0
