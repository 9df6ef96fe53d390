"""Somebody who writes: a browser without script, and what they read and press in it."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

TEXT = "У меня повестка на 3 декабря, загранпаспорта нет, что делать?"


@dataclass(slots=True)
class Applicant:
    """A browser in one language; `words` are the nine words they copied."""

    language: str = "ru"
    client: Client = field(default_factory=Client)
    words: list[str] = field(default_factory=list)

    def get(self, path: str = "") -> HttpResponse:
        """A page of this language, over https as cookies of this kind need it."""
        return self.client.get(f"/{self.language}/{path}", secure=True)

    def post(self, path: str, **fields: Any) -> HttpResponse:
        """A form, as our pages send it."""
        return self.client.post(f"/{self.language}/{path}", fields, secure=True)

    def token(self) -> str:
        """The token of a fresh first form."""
        return hidden(self.get(), "token")

    def write(
        self, text: str = TEXT, *, files: list[SimpleUploadedFile] | None = None, **fields: Any
    ) -> HttpResponse:
        """The first message; copies the nine words when they come."""
        if "token" not in fields:
            fields["token"] = self.token()
        response = self.post("", text=text, files=files or [], **{"when": "unknown", **fields})
        self.words = nine_words(response)
        return response

    def come_back(self, typed: str | None = None) -> HttpResponse:
        """Type the words; the redirect that answers."""
        return self.post("return/", words=" ".join(self.words) if typed is None else typed)

    def answers(self, page: int | None = None) -> HttpResponse:
        """The page of answers."""
        return self.get("answers/" if page is None else f"answers/{page}/")

    def press(self, act: str, **fields: Any) -> HttpResponse:
        """Press a button there; the redirect, or the form given back."""
        if "nonce" not in fields:
            fields["nonce"] = hidden(self.answers(), "nonce")
        return self.post("answers/", act=act, **fields)


def text_of(response: HttpResponse) -> str:
    """What stands on a page, without the filler."""
    return response.content.decode().split("<!--")[0]


def hidden(response: HttpResponse, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)">', text_of(response))
    assert found, f"no field {name} on the page"
    return found[1]


def hidden_fields(response: HttpResponse, action: str) -> dict[str, str]:
    """All hidden fields of the form that goes to this address."""
    form = re.search(rf'<form[^>]* action="{action}".*?</form>', text_of(response), re.DOTALL)
    assert form, f"no form to {action} on the page"
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form[0])
    return {name: html.unescape(value) for name, value in fields}


def in_field(response: HttpResponse) -> str:
    """What stands in the message field."""
    found = re.search(r'<textarea[^>]* name="text"[^>]*>\n(.*?)</textarea>', text_of(response), re.DOTALL)
    assert found, "no message field on the page"
    return html.unescape(found[1])


def nine_words(response: HttpResponse) -> list[str]:
    """The words of the page of the code, none if it is another page."""
    listed = re.search(r'<ol class="words".*?</ol>', text_of(response), re.DOTALL)
    return re.findall(r"<li>([^<]+)</li>", listed[0]) if listed else []


def heading(response: HttpResponse) -> str:
    """The page's heading."""
    found = re.search(r"<h1>(.*?)</h1>", text_of(response))
    assert found, "no heading on the page"
    return found[1]


def notice(response: HttpResponse) -> str:
    """What the page says was just done, or went wrong; "" if nothing."""
    found = re.search(r'<div class="notice.*?<h2>(.*?)</h2>', text_of(response), re.DOTALL)
    return found[1] if found else ""
