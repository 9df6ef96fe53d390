"""Addresses of a case."""

from __future__ import annotations

from django.urls import path

from tropa.desk.cases import views

urlpatterns = [path("cases/<str:case_id>/card/", views.triage, name="triage")]
