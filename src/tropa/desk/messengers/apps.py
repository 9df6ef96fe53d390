"""The app's registration."""

from __future__ import annotations

from django.apps import AppConfig


class MessengersConfig(AppConfig):
    """People reached by messenger."""

    name = "tropa.desk.messengers"
    label = "messengers"
    default_auto_field = "django.db.models.BigAutoField"
