"""Addresses about messages on their way."""

from __future__ import annotations

from django.urls import path

from tropa.desk.messengers.views import seen

urlpatterns = [path("threads/<str:thread_id>/sent/<str:key>/seen/", seen, name="outgoing-seen")]
