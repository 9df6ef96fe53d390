"""Addresses of the inbox and of threads."""

from __future__ import annotations

from django.urls import path

from tropa.desk.talk.search_views import search_page
from tropa.desk.talk.views import find_answers, inbox, reply, take, thread

urlpatterns = [
    path("inbox/", inbox, name="inbox"),
    path("search/", search_page, name="search"),
    path("threads/<str:thread_id>/", thread, name="thread"),
    path("threads/<str:thread_id>/take/", take, name="take"),
    path("threads/<str:thread_id>/answer/", reply, name="reply"),
    path("threads/<str:thread_id>/library/", find_answers, name="thread-answers"),
]
