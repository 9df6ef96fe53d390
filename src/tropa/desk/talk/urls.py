"""Addresses of the inbox and of threads."""

from __future__ import annotations

from django.urls import path

from tropa.desk.talk.aside_views import (
    drop_view,
    give_back,
    keep_view,
    settle,
    snooze,
    take_back,
    unsettle,
    wake,
)
from tropa.desk.talk.asking_views import ask_missing
from tropa.desk.talk.assign_views import accept, assign, decline
from tropa.desk.talk.file_views import copy_of_file
from tropa.desk.talk.hand_over_views import leave_note
from tropa.desk.talk.reply_views import put_reply, remove, replies
from tropa.desk.talk.search_views import search_page
from tropa.desk.talk.views import find_answers, inbox, reply, take, thread

urlpatterns = [
    path("inbox/", inbox, name="inbox"),
    path("inbox/views/", keep_view, name="keep-view"),
    path("inbox/views/<str:view_id>/forget/", drop_view, name="drop-view"),
    path("hand-over/", leave_note, name="hand-over"),
    path("replies/", replies, name="replies"),
    path("replies/<str:reply_id>/remove/", remove, name="remove-reply"),
    path("search/", search_page, name="search"),
    path("threads/<str:thread_id>/", thread, name="thread"),
    path("threads/<str:thread_id>/take/", take, name="take"),
    path("threads/<str:thread_id>/answer/", reply, name="reply"),
    path("threads/<str:thread_id>/library/", find_answers, name="thread-answers"),
    path("threads/<str:thread_id>/ask-missing/", ask_missing, name="ask-missing"),
    path("threads/<str:thread_id>/saved/", put_reply, name="put-reply"),
    path("threads/<str:thread_id>/files/<str:file_id>/", copy_of_file, name="file"),
    path("threads/<str:thread_id>/snooze/", snooze, name="snooze"),
    path("threads/<str:thread_id>/wake/", wake, name="wake"),
    path("threads/<str:thread_id>/no-answer-needed/", settle, name="settle"),
    path("threads/<str:thread_id>/waits-again/", unsettle, name="unsettle"),
    path("threads/<str:thread_id>/give-back/", give_back, name="give-back"),
    path("entries/<str:entry_id>/take-back/", take_back, name="take-back"),
    path("threads/<str:thread_id>/assign/", assign, name="assign"),
    path("threads/<str:thread_id>/accept/", accept, name="accept-assignment"),
    path("threads/<str:thread_id>/decline/", decline, name="decline-assignment"),
]
