"""Django's settings of the desk. What an operator may choose is in `conf`; everything here is fixed.

No sessions, accounts or admin of Django: people sign in by `tropa.desk.staff`, and nothing but a `Visit`
remembers them.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from urllib.parse import urlsplit

from tropa.desk.conf import conf
from tropa.desk.databases import database
from tropa.desk.logs import LOGGING  # noqa: F401  # Django reads it here

conf.data.mkdir(mode=0o700, parents=True, exist_ok=True)

DEBUG = False
# Nothing is signed with it: it exists because Django wants one, and differs at every start so that nothing
# ever is.
SECRET_KEY = secrets.token_urlsafe(48)
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", urlsplit(conf.desk_url).hostname or "localhost"]
USE_X_FORWARDED_HOST = False
BEHIND_TLS = conf.desk_url.startswith("https://")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
CSRF_TRUSTED_ORIGINS = [conf.desk_url]

INSTALLED_APPS = [
    "tropa.desk",
    "tropa.desk.staff",
    "tropa.desk.atlas",
    "tropa.desk.vault",
    "tropa.desk.cases",
    "tropa.desk.talk",
    "tropa.desk.plans",
    "tropa.desk.messengers",
    "tropa.desk.contacts",
    "tropa.desk.work",
    "tropa.desk.push",
    "tropa.desk.library",
    "tropa.desk.retention",
    "tropa.desk.audit",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "tropa.desk.packed_files.PackedFiles",
    "tropa.desk.security.HeadersMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "tropa.desk.audit.refusals.RefusalsMiddleware",
    "tropa.desk.staff.middleware.StaffMiddleware",
    "tropa.desk.language.LanguageMiddleware",
]
FORM_RENDERER = "tropa.desk.form_markup.Renderer"
ROOT_URLCONF = "tropa.desk.urls"
WSGI_APPLICATION = "tropa.desk.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "builtins": ["tropa.desk.templatetags.once"],
            "loaders": [("django.template.loaders.cached.Loader", ["tropa.desk.compact.Loader"])],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csrf",
                "tropa.desk.frame.frame",
            ],
        },
    }
]
DATABASES = {"default": database(conf.database_url, conf.data)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", "Русский"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).resolve().parent / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600

CSRF_COOKIE_NAME = "__Host-tropa-desk-form"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_AGE = None

# Uploads never touch the disk: a temporary file would be a readable copy.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
