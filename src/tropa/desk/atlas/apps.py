"""Django's name for the app, and the moment at which a request begins to see the newest change."""

from __future__ import annotations

from django.apps import AppConfig
from django.core.signals import request_finished, request_started


class AtlasConfig(AppConfig):
    """Registers the app under its short label."""

    name = "tropa.desk.atlas"
    label = "atlas"

    def ready(self) -> None:
        """One look at the stored changes serves a whole request, and never the next one."""
        from tropa.desk.atlas.in_force import end_request, start_request  # noqa: PLC0415  # models are ready now

        request_started.connect(start_request, dispatch_uid="tropa atlas starts")
        request_finished.connect(end_request, dispatch_uid="tropa atlas ends")
