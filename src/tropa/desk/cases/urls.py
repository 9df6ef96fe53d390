"""Addresses of a case."""

from __future__ import annotations

from django.urls import path

from tropa.desk.cases.interview_views import interview
from tropa.desk.cases.views import triage

urlpatterns = [
    path("cases/<str:case_id>/card/", triage, name="triage"),
    path("cases/<str:case_id>/interview/", interview, name="interview"),
]
