"""Addresses of who holds a case."""

from __future__ import annotations

from django.urls import path

from tropa.desk.vault import call_in_views, shift_views, views

urlpatterns = [
    path("cases/<str:case_id>/holders/", views.holders, name="holders"),
    path("cases/<str:case_id>/holders/<str:member_id>/revoke/", views.revoke, name="revoke"),
    path("cases/<str:case_id>/together/", views.together, name="together"),
    path("people/shifts/", shift_views.calendar, name="shifts"),
    path("people/shifts/add/", shift_views.add_shift, name="add-shift"),
    path("people/call-in/", call_in_views.call_in, name="call-in"),
    path("account/call-in/", call_in_views.choose, name="choose-call-in"),
    path("people/shifts/<str:shift_id>/remove/", shift_views.remove_shift, name="remove-shift"),
    path("together/<str:act_id>/", views.join_together, name="join-together"),
]
