"""Our own changes as a folder people can review in a diff, read whole or refused whole, and what `tropa atlas` says."""

import json
from pathlib import Path

import pytest

from tests.atlas.overlay_world import EXTRA, base_atlas, change
from tests.atlas.small_pack import write_pack
from tropa.atlas import PackError, Text, load_pack
from tropa.atlas.basics import PartialDate, Source
from tropa.atlas.overlay import Act, overlaid, seen, wording
from tropa.atlas.overlay.folder import load_overlay, overlay_texts, read_overlay
from tropa.cli.main import main

OURS = Source(
    "own", Text("A call of the consulate", "Звонок в консульство"), None, PartialDate.parse("2026-11-25")
)


@pytest.fixture
def base(tmp_path):
    return base_atlas(tmp_path / "base")


@pytest.fixture
def changes(base):
    against = seen(overlaid(base, []), Act.SET, "stay-NO")
    return [
        change(Act.STOP, "NO", reason='Выдали двоих: «тихо» & "без бумаг" # 3'),
        change(
            Act.SET,
            "stay-NO",
            {"days": 60, "note": None},
            against=against,
            second="boris",
            source_id="own",
            minutes=1,
        ),
        change(Act.REVIEWED, "entry-closed", against=wording(base.fact("entry-closed")), minutes=2),
    ]


def write(folder: Path, base, changes) -> Path:
    folder.mkdir()
    for name, text in overlay_texts(Text("Ours", "Наше"), base, changes, [OURS]).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_what_is_written_reads_back_to_the_same_atlas(base, changes, tmp_path):
    folder = write(tmp_path / "ours", base, changes)
    state = load_overlay(folder, base)
    direct = overlaid(base, changes, sources=[OURS])
    assert state.atlas.facts == direct.atlas.facts
    assert state.atlas.version == direct.atlas.version
    again = overlay_texts(Text("Ours", "Наше"), base, state.changes, state.sources)
    assert again == {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir()}


def test_every_fault_has_its_file_and_line_and_nothing_is_taken(base, changes, tmp_path):
    folder = write(tmp_path / "ours", base, changes)
    text = (folder / "changes.yaml").read_text(encoding="utf-8")
    spoiled = text.replace("act: stop", "act: burn").replace("2026-11-25T09:01:00Z", "yesterday")
    (folder / "changes.yaml").write_text(spoiled, encoding="utf-8")
    with pytest.raises(PackError) as refused:
        load_overlay(folder, base)
    assert [(problem.file, problem.line) for problem in refused.value.problems] == [
        ("changes.yaml", number)
        for number, line in enumerate(spoiled.splitlines(), 1)
        if "burn" in line or "yesterday" in line
    ]


def test_a_refused_change_refuses_the_folder_and_is_named(base, changes, tmp_path):
    alone = [*changes, change(Act.EASED, "NO", minutes=5)]
    with pytest.raises(PackError, match=r"eased-NO-5.*one person is not enough"):
        load_overlay(write(tmp_path / "ours", base, alone), base)


def test_a_folder_lies_over_the_pack_it_names(base, changes, tmp_path):
    folder = write(tmp_path / "ours", base, changes)
    other = load_pack(
        write_pack(
            tmp_path / "other",
            pack="name: {en: Other, ru: Другой}\nformat: 1\nversion: '1'\npublished: 2026-11-22\nreview: unverified\n",
        )
    )
    with pytest.raises(PackError, match="lies over “Small”"):
        load_overlay(folder, other)


@pytest.mark.parametrize(
    "broken",
    [
        b"\xef\xbb\xbfchanges: []\n",
        b"changes: []\r\n",
        b"changes: [\xff]\n",
        b"changes: {}\n",
        b"- 1\n",
        b"",
        b"changes:\n- 1\n",
    ],
)
def test_broken_files_give_named_faults(base, changes, tmp_path, broken):
    files = {name: text.encode() for name, text in overlay_texts(Text("Ours", "Наше"), base, changes).items()}
    with pytest.raises(PackError) as refused:
        read_overlay({**files, "more.yaml": broken})
    assert {problem.file for problem in refused.value.problems} == {"more.yaml"}


def tropa(capsys, *words) -> tuple[int, str, str]:
    code = main(["atlas", *map(str, words)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_the_command_checks_shows_compares_logs_and_exports_what_is_in_force(base, changes, tmp_path, capsys):
    pack = write_pack(tmp_path / "pack", **EXTRA)
    ours = write(
        tmp_path / "ours", base, [*changes, change(Act.PROPOSED, "entry-open", {"modes": ["air"]}, minutes=4)]
    )
    over = ["--overlay", ours]
    code, out, _err = tropa(capsys, "check", pack, *over, "--on", "2027-01-30")
    assert code == 0
    assert 'theirs: {"modes": ["air"]}' in out
    assert "stop-NO: stopped, and past its day of review: it stays closed" in out
    assert "our changes: 4; in conflict: 1; to look at: 2" in out
    assert "stopped" in tropa(capsys, "show", "train", "--pack", pack, *over)[1].splitlines()[-1]
    compared = tropa(capsys, "diff", pack, pack, *over)[1]
    assert "+ stop-NO  stop" in compared
    assert "days: 90 → 60" in compared
    logged = tropa(capsys, "log", "stay-NO", "--pack", pack, *over)[1].splitlines()
    assert logged[0] == "2026-11-25 09:01  set  stay-NO  anna, boris: Seen today."
    told = json.loads(tropa(capsys, "log", "stop-NO", "--pack", pack, *over, "--json")[1])
    assert told[0]["act"] == "stop"
    exported = json.loads(tropa(capsys, "export", "--kind", "stop", "--pack", pack, *over)[1])
    assert [fact["id"] for fact in exported["facts"]] == ["stop-NO"]
    code, _out, _err = tropa(capsys, "export", "--pack", pack, *over, "--to", tmp_path / "whole")
    assert code == 0
    assert "stop-NO" in load_pack(tmp_path / "whole").facts


def test_the_command_refuses_a_faulty_folder_with_one(base, changes, tmp_path, capsys):
    pack = write_pack(tmp_path / "pack", **EXTRA)
    ours = write(tmp_path / "ours", base, [change(Act.EASED, "NO")])
    code, out, err = tropa(capsys, "check", pack, "--overlay", ours)
    assert (code, out) == (1, "")
    assert err.startswith("changes.yaml:2: eased-NO-0:")
