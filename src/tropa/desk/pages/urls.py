"""The addresses of Today and of what leads everywhere."""

from __future__ import annotations

from django.urls import path

from tropa.desk.pages.find_views import find
from tropa.desk.pages.help_views import chapter, help_page
from tropa.desk.pages.today import today
from tropa.desk.pages.tour import close, rest, tour

urlpatterns = [
    path("", today, name="today"),
    path("find/", find, name="find"),
    path("tour/", tour, name="tour"),
    path("account/rest/", rest, name="rest"),
    path("account/tour/", close, name="close-tour"),
    path("help/", help_page, name="help"),
    path("help/<str:name>/", chapter, name="chapter"),
]
