"""Addresses of the inbox and of threads."""

from __future__ import annotations

from django.urls import path

from tropa.desk.talk import views

urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("threads/<str:thread_id>/", views.thread, name="thread"),
    path("threads/<str:thread_id>/take/", views.take, name="take"),
    path("threads/<str:thread_id>/answer/", views.reply, name="reply"),
]
