"""The drop as a WSGI application, warmed up."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tropa.drop.settings")
application = get_wsgi_application()

from tropa.drop.warm import warm_up  # noqa: E402  after Django is set up

warm_up()
