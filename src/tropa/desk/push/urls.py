"""Addresses of notices outside the page."""

from __future__ import annotations

from django.urls import path

from tropa.desk.push import views

urlpatterns = [
    path("account/push/on/", views.switch_on, name="push-on"),
    path("account/push/off/", views.switch_off, name="push-off"),
]
