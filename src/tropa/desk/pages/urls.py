"""Addresses of Today and of the atlas."""

from __future__ import annotations

from django.urls import path

from tropa.desk.pages import atlas, today

urlpatterns = [
    path("", today.today, name="today"),
    path("atlas/", atlas.atlas, name="atlas"),
    path("atlas/<str:fact_id>/", atlas.fact, name="fact"),
]
