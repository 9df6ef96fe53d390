"""Django for commands that work on what is stored: loaded when such a command runs, and not before."""

import os


def set_up_django() -> None:
    """The desk's settings and models, from here on."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tropa.desk.settings")
    import django

    django.setup()
