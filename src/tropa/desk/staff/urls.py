"""Addresses of signing in and out, unlocking, locking and the language."""

from __future__ import annotations

from django.urls import path

from tropa.desk.staff import views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("unlock/", views.unlock, name="unlock"),
    path("lock/", views.lock, name="lock"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("language/", views.language, name="language"),
]
