"""Addresses of the live pages."""

from django.urls import path

from tropa.desk.live import views

urlpatterns = [path("live/", views.changes, name="live")]
