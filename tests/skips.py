"""Every test that may be skipped, and why. A skip that does not stand here fails the run: none is a silent hole.

Tests of one engine's own ways are named in `ON_SQLITE_ALONE` and skipped from here. A name that no longer leads to
a test is an error too. Rooms whose tests store nothing, `STORING_NOTHING`, have no engine; `make test` runs them once.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

ON_SQLITE_ALONE = {
    "tests/desk/test_what_was_deleted_leaves_the_disk.py::"
    "test_somebody_drawing_a_copy_keeps_nobody_for_long_and_nothing_fails": "SQLite's log is what is cut",
    "tests/seizure/test_what_a_seized_disk_tells.py::"
    "test_after_delete_everything_the_sealed_bytes_themselves_are_gone": (
        "PostgreSQL keeps old row versions until its vacuum; the operators' guide says so"
    ),
    "tests/seizure/test_what_was_destroyed_opens_nowhere.py::test_its_sealed_bytes_lie_nowhere_any_more": (
        "PostgreSQL keeps old row versions until its vacuum; the operators' guide says so"
    ),
    "tests/attacks/test_who_seizes_the_disk.py::"
    "test_after_locking_the_unlocked_seed_is_nowhere_on_the_disk": (
        "PostgreSQL keeps old row versions until its vacuum; the operators' guide says so"
    ),
    "tests/desk/talk/test_inbox.py::test_the_inbox_walks_its_index_and_sorts_nothing": (
        "the plan of the query is read as SQLite writes it"
    ),
    "tests/desk/talk/test_inbox.py::test_counting_looks_at_no_thread_of_another_duty": (
        "the plan of the query is read as SQLite writes it"
    ),
    "tests/desk/test_settings.py::test_sqlite_is_opened_so_that_what_was_acknowledged_survives": (
        "SQLite's own settings"
    ),
    "tests/attacks/test_who_is_a_volunteer.py::test_nobody_waits_for_the_planner_with_a_message": (
        "PostgreSQL has more than one writer, so nobody could wait"
    ),
    "tests/desk/test_bad_input_changes_nothing.py::"
    "test_a_disk_that_is_full_at_any_moment_leaves_everything_as_it_was": "SQLite itself is told how much it may write",
    **{
        f"tests/onion/test_the_drop_through_a_private_tor_network.py::{name}": (
            "tor's part is the same whatever the drop stores in, and its network takes a minute to come up"
        )
        for name in (
            "test_somebody_writes_comes_back_and_sends_a_file",
            "test_nobody_on_the_machine_finds_a_port_of_the_drop",
            "test_no_log_of_tor_names_the_service",
        )
    },
}
FILES_ON_SQLITE_ALONE = {
    "tests/desk/test_a_full_disk_leaves_all_or_nothing.py": "a server writes its files itself",
    "tests/desk/test_a_full_server_leaves_all_or_nothing.py": "it starts a server of its own",
    **{
        f"tests/channels/{name}.py": "the server's part is the same whatever the gateway stores in"
        for name in (
            "test_deltachat_keeps_its_promises",
            "test_deltachat_killed_at_any_moment",
            "test_mail_keeps_its_promises",
            "test_mail_killed_at_any_moment",
            "test_matrix_keeps_its_promises",
            "test_matrix_killed_at_any_moment",
            "test_the_contract_on_deltachat",
            "test_the_contract_on_mail",
            "test_the_contract_on_matrix",
            "test_the_contract_on_xmpp",
            "test_xmpp_keeps_its_promises",
            "test_xmpp_killed_at_any_moment",
        )
    },
    **{
        f"tests/browser/{name}.py": "how a browser draws a page is the same whatever its words were stored in"
        for name in ("test_desk_pages_fit", "test_pages_are_accessible", "test_the_idle_lock_warns")
    },
}
"""Files whose every test is about a server, or about the look of pages, which others open on both engines."""

ROOMS = {
    "all": "rooms",
    "stored": "rooms that store",
    "waiting": "rooms that store and wait for servers and browsers",
    "working": "rooms that store and do their work themselves",
    "unstored": "rooms that store nothing",
}
"""Which rooms of tests a run takes (`--rooms`), and how it is told. `waiting` and `working` together are `stored`."""

STORING_NOTHING = frozenset({"atlas", "cleaning", "counsel", "envelope", "planning", "project"})
"""Rooms of tests that reach no database (held by `tests/project/test_rooms_that_store_nothing.py`)."""

FILES_STORING_NOTHING = frozenset(
    f"tests/{name}.py"
    for name in (
        "channels/test_deltachat_reads_whatever_comes",
        "channels/test_mail_reads_whatever_comes",
        "channels/test_matrix_keys",
        "channels/test_matrix_reads_whatever_comes",
        "channels/test_xmpp_reads_whatever_comes",
        "cli/test_a_day_is_simulated",  # in a world of its own, whatever the caller stores in
        "cli/test_answers_are_found_on_the_terminal",
        "cli/test_bodies_are_taken_before_threads_are",
        "cli/test_ports_that_are_taken_are_replaced",
        "cli/test_the_interview_on_the_terminal",
        "cli/test_the_supervisor_keeps_services_running",
        "cli/test_the_supervisor_stays_small",
        "desk/atlas/test_charts_never_overlap",
        "desk/cases/test_triage",
        "desk/map/test_borders_show_crimea_as_ukraine",
        "desk/pages/test_templates_lose_their_whitespace",
        "desk/plans/test_metro_never_overlaps",
        "desk/vault/test_the_key_store",
        "drop/test_pages_are_of_one_size",
        "drop/test_plain_forms_are_read_as_djangos_parser_reads_them",
        "drop/test_settings_of_the_drop",
        "drop/test_uploads_never_lie_readable",
    )
)
"""The same of single files in other rooms."""

WAITING = frozenset({"browser", "channels", "onion"})
"""Rooms of tests that store and spend most of their time on servers and browsers they started, waiting for them."""

ON_BOTH_BY_POSTGRES = {
    "tests/seizure/test_the_command_tells_what_a_seized_disk_tells.py::"
    "test_it_plays_searches_and_names_every_column_and_keeps_the_directory": (
        "where a server is named, the command plays on SQLite first and then on the server"
    ),
}
"""Tests that try both engines where a server is named; `make test` leaves them to the run on PostgreSQL."""

FOR_WANT_OF = (
    "no folder `shared` beside the checkout",
    "the table ",
    "test data ",
    "running as root, and the checkout is closed",
    "only Linux tells a process that its parent died",
    "no systemd on this machine",
    "a small disk is mounted by root alone",
)
"""Beginnings of what a test may say that misses something of the machine; in CI the first three are errors."""

SYSTEM_SERVERS = ("no tor on this machine",)
"""Servers of the system that `make test` installs when it is root; without root, elsewhere than in CI, their tests are
skipped by name.
"""
OWN_SERVERS = (
    "no Matrix server on this machine",
    "no mail server on this machine",
    "no XMPP server on this machine",
)
"""Servers that `make test` installs for itself, the last two as root; elsewhere than in CI, where they cannot be had,
theirs are skipped.
"""


def room_of(name: str) -> str:
    """The folder of tests it lies in, beneath `tests`; `tests` for what lies in none."""
    parts = name.partition("::")[0].split("/")
    return parts[1] if len(parts) > 2 else "tests"


def stores_nothing(name: str) -> bool:
    """Whether this test reaches no database, so that no engine matters to it."""
    return room_of(name) in STORING_NOTHING or name.partition("::")[0] in FILES_STORING_NOTHING


def on_sqlite_alone(name: str) -> str | None:
    """Why this test runs on SQLite alone; None when it runs on both engines."""
    return ON_SQLITE_ALONE.get(name) or FILES_ON_SQLITE_ALONE.get(name.partition("::")[0])


def may_skip(name: str, reason: str, *, engine: str) -> bool:
    """Whether this test may be skipped on this engine for this reason."""
    alone = on_sqlite_alone(name)
    if alone is not None:
        if engine != "sqlite":
            return reason == alone
        return reason.startswith(OWN_SERVERS) and os.environ.get("CI") != "true"
    if reason.startswith(SYSTEM_SERVERS):
        return os.geteuid() != 0 and os.environ.get("CI") != "true"
    return reason.startswith(FOR_WANT_OF)


def left_out(name: str, *, engine: str, rooms: str) -> bool:
    """Whether this test is for another of the runs at once; `rooms` is one of `ROOMS`."""
    if rooms == "all":
        return False
    if engine == "sqlite" and name in ON_BOTH_BY_POSTGRES:
        return True
    if stores_nothing(name) or rooms == "unstored":
        return stores_nothing(name) != (rooms == "unstored")
    return rooms != "stored" and (room_of(name) in WAITING) != (rooms == "waiting")


def missing(collected: Iterable[str]) -> list[str]:
    """Names of the lists whose file was collected and that are no tests of it."""
    names = set(collected)
    files = {name.partition("::")[0] for name in names}
    listed = [*ON_SQLITE_ALONE, *ON_BOTH_BY_POSTGRES]
    return [name for name in listed if name.partition("::")[0] in files and name not in names]
