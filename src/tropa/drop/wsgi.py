"""The drop as a WSGI application, warmed up; `at_once` is what it answers without a thread."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tropa.drop.settings")
application = get_wsgi_application()

from tropa.drop.first_page import FirstPage  # noqa: E402  after Django is set up
from tropa.drop.warm import warm_up  # noqa: E402

warm_up()
at_once = FirstPage(application).answer
