"""Addresses of keeping."""

from __future__ import annotations

from django.urls import path

from tropa.desk.retention import views

urlpatterns = [
    path("cases/<str:case_id>/keeping/", views.keeping, name="keeping"),
    path("exhibits/<str:exhibit_id>/", views.exhibit, name="exhibit"),
    path("receipts/", views.receipts, name="receipts"),
]
