"""What a table says becomes changes that change nothing until a person settles them."""

import json
from datetime import UTC, datetime

import pytest

from tests.atlas.overlay_world import EXTRA, base_atlas
from tests.atlas.small_pack import write_pack
from tropa.atlas import Text
from tropa.atlas.importing import ImportKind, read_import
from tropa.atlas.overlay import Act, Change, overlaid, overlaid_with
from tropa.atlas.overlay.folder import load_overlay, overlay_texts
from tropa.atlas.overlay.proposing import proposed
from tropa.cli.main import main

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
INDEX = b"Passport,Destination,Requirement\nRU,NO,30\nRU,GE,365\nRU,SE,no admission\n"


@pytest.fixture
def base(tmp_path):
    return base_atlas(tmp_path / "base")


@pytest.fixture
def changes(base):
    result = read_import(ImportKind.PASSPORT_INDEX, INDEX, file="index.csv", atlas=base, citizenship="RU")
    assert result.conflicts
    found = list(proposed(result, file="index.csv", on=NOW))
    assert len(found) == len(result.proposals) + len(result.conflicts)
    return found


def test_nothing_is_in_force_before_a_person_has_settled_it(base, changes):
    state = overlaid(base, changes)
    assert not state.refused
    assert state.atlas.facts == base.facts
    assert len(state.conflicts) == len(changes)


def test_a_conflict_over_days_is_settled_for_the_table_by_two(base, changes):
    state = overlaid(base, changes)
    days = next(one for one in state.conflicts if one.fact_id == "stay-NO")
    assert (days.ours.record, days.theirs.record) == ({"days": 90}, {"days": 30})
    settled = Change(
        "s", Act.SETTLED, "stay-NO", "anna", NOW.replace(hour=10), "Checked with the embassy.",
        record={"conflict": days.id, "side": "theirs"}, second="boris",
    )  # fmt: skip
    after = overlaid_with(state, settled)
    assert after.fact("stay-NO").value.days == 30
    assert len(after.conflicts) == len(changes) - 1


def test_a_proposal_that_lacks_what_no_table_gives_is_refused_when_it_is_settled(base, changes):
    state = overlaid(base, changes)
    new = next(one for one in state.conflicts if one.fact_id.startswith("entry-"))
    settled = Change(
        "s", Act.SETTLED, new.fact_id, "anna", NOW.replace(hour=10), "Why not.",
        record={"conflict": new.id, "side": "theirs"}, second="boris",
    )  # fmt: skip
    after = overlaid_with(state, settled)
    assert [one.change.id for one in after.refused] == ["s"]
    assert new.fact_id not in after.atlas.facts


def test_the_command_writes_the_proposals_for_an_overlay(base, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("TROPA_DATA", str(tmp_path / "data"))
    pack = write_pack(tmp_path / "pack", **EXTRA)
    (tmp_path / "index.csv").write_bytes(INDEX)
    file = tmp_path / "proposed.yaml"
    words = [
        "atlas",
        "import",
        "passport-index",
        str(tmp_path / "index.csv"),
        "--dry-run",
        "--pack",
        str(pack),
    ]
    assert main([*words, "--proposals", str(file)]) == 0
    ours = tmp_path / "ours"
    ours.mkdir()
    for name, text in overlay_texts(Text("Ours", "Наше"), base, []).items():
        (ours / name).write_text(text, encoding="utf-8")
    (ours / "proposed.yaml").write_bytes(file.read_bytes())
    state = load_overlay(ours, base)
    assert {one.fact_id for one in state.conflicts} >= {"stay-NO"}
    capsys.readouterr()
    assert main(["atlas", "log", "stay-NO", "--pack", str(pack), "--overlay", str(ours), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["act"] == "proposed"
