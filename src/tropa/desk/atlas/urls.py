"""Addresses of the atlas. A fact's own address comes last: its id may be any word."""

from __future__ import annotations

from django.urls import path

from tropa.desk.atlas.change_views import change, changes, conflicts
from tropa.desk.atlas.country_views import country, stop
from tropa.desk.atlas.edit_views import add, edit, withdraw
from tropa.desk.atlas.fact_views import fact, review, source
from tropa.desk.atlas.home_views import atlas, due

urlpatterns = [
    path("atlas/", atlas, name="atlas"),
    path("atlas/all/due/", due, name="due"),
    path("atlas/all/changes/", changes, name="changes"),
    path("atlas/all/conflicts/", conflicts, name="conflicts"),
    path("atlas/changes/<str:change_id>/", change, name="change"),
    path("atlas/countries/<str:code>/", country, name="country"),
    path("atlas/sources/<str:source_id>/", source, name="source"),
    path("atlas/add/<str:kind>/", add, name="add-fact"),
    path("atlas/<str:fact_id>/review/", review, name="review-fact"),
    path("atlas/<str:fact_id>/edit/", edit, name="edit-fact"),
    path("atlas/<str:fact_id>/withdraw/", withdraw, name="withdraw-fact"),
    path("atlas/<str:fact_id>/stop/", stop, name="stop"),
    path("atlas/<str:fact_id>/", fact, name="fact"),
]
