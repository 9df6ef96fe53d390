"""Django's settings of the drop: the desk's database and models, and nothing else of the desk.

No sessions, no CSRF cookie, no static-files machinery: a page is one template and one style sheet. Requests
from other sites are refused by `middleware`, and a strict same-site cookie is all there is to steal.
"""

from __future__ import annotations

from pathlib import Path

from tropa.desk import settings as desk
from tropa.desk.logs import LOGGING as DESK_LOGGING

_HERE = Path(__file__).resolve().parent

DEBUG = False
SECRET_KEY = desk.SECRET_KEY
# The site may stand under any name, and builds no address from the name it was asked by.
ALLOWED_HOSTS = ["*"]
USE_X_FORWARDED_HOST = False

INSTALLED_APPS = [app for app in desk.INSTALLED_APPS if not app.startswith("django.")]
MIDDLEWARE = ["tropa.drop.middleware.QuietMiddleware", "tropa.desk.audit.refusals.RefusalsMiddleware"]
ROOT_URLCONF = "tropa.drop.urls"
WSGI_APPLICATION = "tropa.drop.wsgi.application"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_HERE / "templates"],
        "OPTIONS": {
            "loaders": [
                ("django.template.loaders.cached.Loader", ["django.template.loaders.filesystem.Loader"])
            ],
            "builtins": ["django.templatetags.i18n"],
        },
    }
]
DATABASES = desk.DATABASES
DEFAULT_AUTO_FIELD = desk.DEFAULT_AUTO_FIELD

LANGUAGE_CODE = desk.LANGUAGE_CODE
LANGUAGES = desk.LANGUAGES
LOCALE_PATHS = [_HERE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Uploads are sealed as they arrive (`uploads`); what came another way must not touch a disk either.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 100
DATA_UPLOAD_MAX_NUMBER_FILES = 100
# Django would add a line to each refusal and error; `middleware` writes the only one, with the page's code.
LOGGING = {**DESK_LOGGING, "loggers": {"django": {"handlers": [], "level": "CRITICAL", "propagate": False}}}
