"""The addresses of the drop. Each page has one in each language; none names what we do."""

from __future__ import annotations

from django.urls import include, path

from tropa.drop import pages
from tropa.drop.views import answers, contacts, leaving, moving, questions, returning, style, writing

spoken = [
    path("", writing.write),
    path("code/", writing.code),
    path("open/", writing.open_thread),
    path("return/", returning.come_back),
    path("answers/", answers.answers),
    path("answers/<int:page>/", answers.answers),
    path("move/", moving.arrive),
    path("move/code/", moving.leave),
    path("questions/", questions.questions),
    path("contacts/", contacts.contacts),
    path("contacts/file/", contacts.contacts_file),
    path("leave/", leaving.leave),
    path("pause/", leaving.pause),
]

urlpatterns = [
    path("", writing.write),
    path("style.css", style.style),
    path("ru/", include(spoken)),
    path("en/", include(spoken)),
]

handler404 = pages.not_found
