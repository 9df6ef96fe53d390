"""The addresses of Today and of what leads everywhere."""

from __future__ import annotations

from django.urls import path

from tropa.desk.pages.find_views import find
from tropa.desk.pages.today import today

urlpatterns = [
    path("", today, name="today"),
    path("find/", find, name="find"),
]
