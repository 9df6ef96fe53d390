"""Addresses about messages on their way."""

from __future__ import annotations

from django.urls import path

from tropa.desk.messengers.views import accounts, seen

urlpatterns = [
    path("messengers/", accounts, name="messengers"),
    path("threads/<str:thread_id>/sent/<str:key>/seen/", seen, name="outgoing-seen"),
]
