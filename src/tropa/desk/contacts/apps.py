"""The app's registration."""

from __future__ import annotations

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    """Genuine contact points."""

    name = "tropa.desk.contacts"
    label = "contacts"
    default_auto_field = "django.db.models.BigAutoField"
