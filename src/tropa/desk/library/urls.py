"""Addresses of the library."""

from __future__ import annotations

from django.urls import path

from tropa.desk.library.alike_views import alike, together
from tropa.desk.library.views import answer, answers, missing

urlpatterns = [
    path("answers/", answers, name="answers"),
    path("answers/all/missing/", missing, name="missing-answers"),
    path("answers/all/alike/", alike, name="alike"),
    path("answers/all/alike/<str:thread_id>/", together, name="answer-together"),
    path("answers/<str:answer_id>/", answer, name="answer"),
]
