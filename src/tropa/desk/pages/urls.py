"""The address of Today."""

from __future__ import annotations

from django.urls import path

from tropa.desk.pages.today import today

urlpatterns = [
    path("", today, name="today"),
]
