"""Addresses of signing in and out, unlocking, locking and the language; one's own account; joining and leaving."""

from __future__ import annotations

from django.urls import path

from tropa.desk.staff import account_views, people, views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-in/passkey/", views.sign_in_by_passkey, name="sign-in-by-passkey"),
    path("unlock/", views.unlock, name="unlock"),
    path("stay/", views.stay, name="stay"),
    path("lock/", views.lock, name="lock"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("language/", views.language, name="language"),
    path("account/", account_views.show, name="account"),
    path("account/password/", account_views.change_password, name="change-password"),
    path("account/passphrases/", account_views.change_passphrases, name="change-passphrases"),
    path("account/codes/", account_views.make_codes, name="make-codes"),
    path("account/passkeys/add/", account_views.add_passkey, name="add-passkey"),
    path("account/passkeys/remove/", account_views.remove_passkey, name="remove-passkey"),
    path("account/abilities/", account_views.say_abilities, name="say-abilities"),
    path("account/visits/", account_views.end_others, name="end-visits"),
    path("alarms/<int:sequence>/aside/", account_views.put_alarm_aside, name="put-aside"),
    path("join/", people.join, name="join"),
    path("people/", people.people, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/<str:member_id>/certify/", people.certify, name="certify"),
    path("people/<str:member_id>/leave/", people.leave, name="leave"),
]
