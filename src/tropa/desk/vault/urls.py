"""Addresses of who holds a case."""

from __future__ import annotations

from django.urls import path

from tropa.desk.vault import views

urlpatterns = [
    path("cases/<str:case_id>/holders/", views.holders, name="holders"),
    path("cases/<str:case_id>/holders/<str:member_id>/revoke/", views.revoke, name="revoke"),
    path("cases/<str:case_id>/together/", views.together, name="together"),
    path("people/shifts/add/", views.add_shift, name="add-shift"),
    path("people/call-in/", views.call_in, name="call-in"),
    path("people/shifts/<str:shift_id>/remove/", views.remove_shift, name="remove-shift"),
    path("together/<str:act_id>/", views.join_together, name="join-together"),
]
