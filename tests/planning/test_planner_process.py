"""The planner as a process: starts when first needed, lives through bad requests, is replaced when it dies."""

from __future__ import annotations

import io
import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.planning.tiny import ON
from tropa.atlas import Answer, ProfileClass, Status, load_pack
from tropa.atlas.pack import EXAMPLE_DAY, SHIPPED_PACK
from tropa.planning import process
from tropa.planning.answer import plans_for
from tropa.planning.client import PlannerClient
from tropa.planning.errors import BadPerson, PlannerUnavailable
from tropa.planning.frames import LONGEST_FRAME, frame, read_frame
from tropa.planning.person import HeldPaper, KnownStatus, PersonFacts

SOMEBODY = PersonFacts(
    place="irkutsk",
    profile=ProfileClass.NO_SUMMONS,
    papers=(HeldPaper("fp10"),),
    statuses=(KnownStatus(Status.EXIT_BAN, Answer.NO), KnownStatus(Status.SUMMONS_IN_REGISTER, Answer.NO)),
    money_euros=3000,
)


PATIENCE = 180.0
"""Seconds; far more than a busy machine takes."""


@pytest.fixture
def client() -> Iterator[PlannerClient]:
    with PlannerClient(
        pack=SHIPPED_PACK, reviewed_as_of=EXAMPLE_DAY, answer_seconds=PATIENCE, start_seconds=PATIENCE
    ) as client:
        yield client


def end_of(process: int) -> None:
    """Wait until a child of ours is gone."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return
        time.sleep(0.01)
    pytest.fail("the planner is still there")


def test_nothing_is_started_before_the_first_question(client: PlannerClient) -> None:
    assert client.process_id is None


def test_it_is_ready_only_when_every_kernel_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    said, before = io.BytesIO(), []
    monkeypatch.setattr(process, "warm_up", lambda: before.append(said.getvalue()))
    process._serve(load_pack(SHIPPED_PACK, reviewed_as_of=EXAMPLE_DAY), io.BytesIO(), said)
    assert before == [b""]
    assert said.getvalue() == frame(process.READY)


def test_the_process_answers_what_the_planner_would_answer_here(client: PlannerClient) -> None:
    here = plans_for(load_pack(SHIPPED_PACK, reviewed_as_of=EXAMPLE_DAY), SOMEBODY, EXAMPLE_DAY)
    assert client.plans(SOMEBODY, on=EXAMPLE_DAY) == here
    assert here.plans


def test_one_process_serves_many_questions_of_many_threads(client: PlannerClient) -> None:
    answers: list[object] = []
    threads = [
        threading.Thread(target=lambda: answers.append(client.plans(SOMEBODY, on=EXAMPLE_DAY)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 4
    assert all(answer == answers[0] for answer in answers)


def test_a_person_the_atlas_does_not_know_is_refused_and_the_process_lives_on(client: PlannerClient) -> None:
    with pytest.raises(BadPerson) as caught:
        client.plans(replace(SOMEBODY, place="irkutks"), on=EXAMPLE_DAY)
    (problem,) = caught.value.problems
    assert problem.nearest[0] == "irkutsk"
    child = client.process_id
    assert client.plans(SOMEBODY, on=EXAMPLE_DAY).plans
    assert client.process_id == child


def test_a_killed_process_is_replaced_without_the_asker_noticing(client: PlannerClient) -> None:
    client.plans(SOMEBODY, on=EXAMPLE_DAY)
    killed = client.process_id
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    assert client.plans(SOMEBODY, on=EXAMPLE_DAY).plans
    assert client.process_id != killed


def test_the_wait_is_bounded_and_a_hung_process_is_ended(client: PlannerClient) -> None:
    client.plans(SOMEBODY, on=EXAMPLE_DAY)
    hung = client.process_id
    assert hung is not None
    os.kill(hung, signal.SIGSTOP)
    client._answer_seconds = 0.5
    with pytest.raises(PlannerUnavailable):
        client.plans(SOMEBODY, on=EXAMPLE_DAY)
    assert client.process_id is None
    os.kill(hung, signal.SIGCONT) if _alive(hung) else None


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_closing_ends_the_process(client: PlannerClient) -> None:
    client.plans(SOMEBODY, on=EXAMPLE_DAY)
    child = client.process_id
    assert child is not None
    client.close()
    end_of(child)


def test_a_pack_that_cannot_be_loaded_makes_the_planner_unavailable(tmp_path: object) -> None:
    from pathlib import Path

    with PlannerClient(pack=Path(str(tmp_path))) as client, pytest.raises(PlannerUnavailable):
        client.plans(SOMEBODY, on=ON)


@pytest.mark.parametrize(
    "bytes_", [b"\0", b"\0\0\0\5ab", (LONGEST_FRAME + 1).to_bytes(4, "big"), b"\0\0\0\2[]", b"\0\0\0\1{"]
)
def test_a_broken_frame_is_refused(bytes_: bytes) -> None:
    rest = bytearray(bytes_)

    def read(count: int) -> bytes:
        taken = bytes(rest[:count])
        del rest[:count]
        return taken

    with pytest.raises(PlannerUnavailable):
        read_frame(read)


def test_a_whole_frame_comes_back_and_a_clean_end_is_none() -> None:
    rest = bytearray(frame({"on": "2026-11-22", "text": "Ереван"}))

    def read(count: int) -> bytes:
        taken = bytes(rest[:count])
        del rest[:count]
        return taken

    assert read_frame(read) == {"on": "2026-11-22", "text": "Ереван"}
    assert read_frame(read) is None
