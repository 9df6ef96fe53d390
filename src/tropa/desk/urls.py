"""Every address of the desk, under the namespace `desk`."""

from __future__ import annotations

from django.urls import include, path

APPS = (
    "pages",
    "staff",
    "push",
    "talk",
    "messengers",
    "contacts",
    "cases",
    "vault",
    "plans",
    "library",
    "atlas",
    "retention",
    "live",
)

urlpatterns = [
    path(
        "", include(([path("", include(f"tropa.desk.{app}.urls")) for app in APPS], "desk"), namespace="desk")
    ),
]
