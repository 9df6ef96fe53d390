"""Addresses of the library."""

from __future__ import annotations

from django.urls import path

from tropa.desk.library.alike_views import alike, together
from tropa.desk.library.change_views import answer_change, answer_changes, change_answer, new_answer
from tropa.desk.library.views import answer, answers, missing

urlpatterns = [
    path("answers/", answers, name="answers"),
    path("answers/all/missing/", missing, name="missing-answers"),
    path("answers/all/alike/", alike, name="alike"),
    path("answers/all/alike/<str:thread_id>/", together, name="answer-together"),
    path("answers/all/changes/", answer_changes, name="answer-changes"),
    path("answers/all/changes/<str:change_id>/", answer_change, name="answer-change"),
    path("answers/all/new/", new_answer, name="new-answer"),
    path("answers/<str:answer_id>/change/", change_answer, name="change-answer"),
    path("answers/<str:answer_id>/", answer, name="answer"),
]
