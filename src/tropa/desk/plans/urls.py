"""Addresses of the workbench, the review and the release of steps."""

from __future__ import annotations

from django.urls import path

from tropa.desk.plans import review_views, views

urlpatterns = [
    path("cases/<str:case_id>/plan/", views.workbench, name="workbench"),
    path("cases/<str:case_id>/plan/facts/", views.facts, name="workbench-facts"),
    path("cases/<str:case_id>/plan/review/", views.ask_review, name="ask-review"),
    path("review/", review_views.review_list, name="review-list"),
    path("review/<str:plan_id>/", review_views.review, name="review"),
    path("review/<str:plan_id>/approve/", review_views.approve, name="approve"),
    path("review/<str:plan_id>/return/", review_views.return_plan, name="return"),
    path("plans/<str:plan_id>/steps/<int:number>/release/", review_views.release, name="release"),
    path("plans/<str:plan_id>/steps/<int:number>/withdraw/", review_views.withdraw, name="withdraw"),
]
