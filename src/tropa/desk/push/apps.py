"""Django's name for the app."""

from __future__ import annotations

from django.apps import AppConfig


class PushConfig(AppConfig):
    """Registers the app under its short label."""

    name = "tropa.desk.push"
    label = "push"
