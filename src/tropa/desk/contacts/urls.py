"""The addresses of the contact points."""

from __future__ import annotations

from django.urls import path

from tropa.desk.contacts.notice_views import contact_notice
from tropa.desk.contacts.views import contact_points

urlpatterns = [
    path("contact-points/", contact_points, name="contact-points"),
    path("contact-points/notice/", contact_notice, name="contact-notice"),
]
