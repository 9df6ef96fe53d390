"""What `tropa run` tells its children, and what it refuses."""

from datetime import date
from pathlib import Path

import pytest

from tropa.cli.main import main
from tropa.cli.run import Ports, children_environment

PORTS = Ports(drop=8400, desk=8401, live=8402)


def test_without_example_no_setting_of_the_caller_implies_it() -> None:
    told = children_environment({"TROPA_EXAMPLE": "1", "TROPA_AS_OF": "2026-11-22"}, Path("/x"), PORTS, None)
    assert "TROPA_EXAMPLE" not in told
    assert "TROPA_AS_OF" not in told


def test_with_example_the_day_is_pinned_and_said() -> None:
    told = children_environment({}, Path("/x"), PORTS, date(2026, 11, 22))
    assert told["TROPA_EXAMPLE"] == "1"
    assert told["TROPA_AS_OF"] == "2026-11-22"


def test_children_know_where_everything_is() -> None:
    told = children_environment({"PATH": "/bin"}, Path("/x"), PORTS, None)
    assert told["PATH"] == "/bin"
    assert told["TROPA_DATA"] == "/x"
    assert told["TROPA_DROP_URL"] == "http://127.0.0.1:8400/"
    assert told["TROPA_DESK_URL"] == "http://localhost:8401/"


def test_a_pinned_day_is_refused_for_a_real_desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TROPA_DATA", str(tmp_path / "data"))
    assert main(["run", "--as-of", "2026-11-22"]) == 2
    assert "--as-of" in capsys.readouterr().err
    assert not (tmp_path / "data").exists()
