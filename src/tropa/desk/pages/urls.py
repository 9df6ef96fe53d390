"""Addresses of Today and of the atlas."""

from __future__ import annotations

from django.urls import path

from tropa.desk.pages.atlas import atlas, fact
from tropa.desk.pages.today import today

urlpatterns = [
    path("", today, name="today"),
    path("atlas/", atlas, name="atlas"),
    path("atlas/<str:fact_id>/", fact, name="fact"),
]
