"""Commands begin with a stroke, or with an exclamation mark where apps keep the stroke for themselves."""

from __future__ import annotations

import pytest

from tropa.channels.catalogue import about, catalogue
from tropa.gateway.words import WORDS, Command, Word, code_in, command_in, told_in, with_commands_as


@pytest.mark.parametrize("command", list(Command))
def test_every_command_is_heard_with_either_mark(command: Command) -> None:
    for typed in (command.value, f"!{command.value[1:]}", f" !{command.value[1:].upper()} "):
        assert command_in(typed) is command


def test_what_merely_begins_so_is_a_message() -> None:
    for text in ("!!", "!", "!newsletter", "! news", "!news пожалуйста", "Срочно!"):
        assert command_in(text) is None, text


def test_a_code_is_heard_behind_either() -> None:
    code = "AAAAA-AAAAA-AAAAA-AAAAA-AAAAA"
    assert code_in(f"!move {code}") == code_in(f"/move {code}")


@pytest.mark.parametrize("language", ["ru", "en"])
def test_no_text_names_a_command_that_cannot_be_typed_there(language: str) -> None:
    for word in Word:
        told = with_commands_as("!", told_in(WORDS[word], language))
        assert not any(f" {command.value}" in told for command in Command), word


def test_addresses_stay_as_they_are() -> None:
    text = "https://example.org/ru/questions/ http://example.onion/move или /news, /real."
    assert with_commands_as("!", text) == (
        "https://example.org/ru/questions/ http://example.onion/move или !news, !real."
    )
    assert with_commands_as("/", text) == text


def test_only_matrix_keeps_the_stroke_for_its_apps() -> None:
    assert {name for name in catalogue() if about(name).command_mark != "/"} == {"matrix"}
