"""A foreign table that is broken or hostile is refused by name, a broken row by line and field; the pack stays."""

import gzip
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.atlas.small_pack import write_pack
from tropa.atlas import SHIPPED_PACK, Atlas, load_pack
from tropa.atlas.importing import Import, ImportKind, ImportRefused, VisaRule, read_import
from tropa.atlas.importing.table import LIMIT
from tropa.atlas.phrases import translator
from tropa.cli.main import main

INDEX = "Passport,Destination,Requirement\nRU,NO,visa required\nRU,RU,-1\n"
DECISIONS = (
    "Year,Country of origin (ISO),Country of asylum (ISO),Stage of procedure,Recognized decisions,"
    "Complementary protection,Rejected decisions,Otherwise closed,Total decisions\n"
    "2025,RUS,NOR,FI,30,5,65,20,120\n2025,RUS,NOR,AR,10,0,40,0,50\n"
)


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LANGUAGE", "en")
    translator.cache_clear()
    yield
    translator.cache_clear()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Atlas:
    return load_pack(write_pack(tmp_path_factory.mktemp("pack")))


def read(content: str | bytes, atlas: Atlas, kind: str = "passport-index", file: str = "table.csv") -> Import:
    content = content if isinstance(content, bytes) else content.encode()
    return read_import(ImportKind(kind), content, file=file, atlas=atlas)


def archive() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("table.csv", b"\0" * 10_000_000)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("content", "line", "what"),
    [
        (b"", 0, "the file is empty"),
        (b" \n\n", 0, "the file is empty"),
        (archive(), 0, "this is an archive (zip)"),
        (gzip.compress(INDEX.encode()), 0, "this is an archive (gzip)"),
        (INDEX.encode("utf-16"), 1, "a byte is no UTF-8"),
        (INDEX.encode() + "Россия,NO,90\n".encode("cp1251"), 4, "a byte is no UTF-8"),
        (INDEX.encode() + b"RU\0,SE,90\n", 4, "a NUL byte"),
        (b"Passport,Requirement\nRU,90\n", 1, "the header has no column: Destination"),
        (INDEX.splitlines()[0].encode(), 1, "the table has no rows"),
        (INDEX.encode() + b'"RU,SE,90\n', 4, "this is no table"),
        (INDEX.encode() + b"R" * 200_000, 4, "this is no table"),
        (b"x" * (LIMIT + 1), 0, "bytes"),
    ],
)
def test_a_file_is_refused_whole_with_line_and_reason(
    small: Atlas, content: bytes, line: int, what: str
) -> None:
    with pytest.raises(ImportRefused) as refused:
        read(content, small)
    (problem,) = [one for one in refused.value.problems if what in str(one.what)]
    assert (problem.file, problem.line) == ("table.csv", line)
    assert str(problem.expected)


def test_a_byte_order_mark_and_crlf_are_read_past_and_said(small: Atlas) -> None:
    result = read("\ufeff" + INDEX.replace("\n", "\r\n"), small)
    assert result.refused == ()
    assert result.rows == read(INDEX, small).rows
    assert [str(note) for note in result.notes] == [
        "the file begins with a byte order mark: read past it",
        "lines end with CR: read as LF",
    ]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (INDEX.replace(",", ";"), "semicolons stand between the cells: read as commas"),
        (INDEX.replace(",", "\t"), "tabs stand between the cells: read as commas"),
        (
            "\n".join(";".join(f'"{one}"' for one in line.split(",")) for line in INDEX.splitlines()),
            "semicolons",
        ),
        (INDEX.upper(), ""),
        (INDEX.lower(), ""),
        (
            "\n".join(
                ",".join(f' "{one}"' for one in line.split(",")).strip() for line in INDEX.splitlines()
            ),
            "",
        ),
    ],
)
def test_other_signs_between_cells_quotes_and_letters_of_either_case_are_read(
    small: Atlas, changed: str, said: str
) -> None:
    result = read(changed, small)
    assert result.refused == ()
    assert {pair: words.casefold() for pair, words in result.rows.items()} == read(INDEX, small).rows
    assert " ".join(str(note) for note in result.notes).startswith(said)
    assert bool(result.notes) is bool(said)


def test_a_table_of_russian_names_is_read_as_one_of_english_names(small: Atlas) -> None:
    result = read("Passport,Destination,Requirement\nРоссия,Норвегия,90\nRussia,Sweden,visa free\n", small)
    assert (result.layout, result.refused) == ("names", ())
    assert result.rows.keys() == {"RU>NO", "RU>SE"}


def test_kosovo_has_no_code_of_its_own_and_is_known_by_those_in_use(small: Atlas) -> None:
    result = read("Passport,Destination,Requirement\nRUS,UNK,30\nSWE,XKX,90\n", small)
    assert (result.layout, result.refused, result.rows) == ("iso3", (), {"RU>XK": "30", "SE>XK": "90"})


@pytest.mark.parametrize(
    ("row", "field", "found", "expected"),
    [
        ("RU,QQ,90", "Destination", "QQ", "as iso2"),
        ("Россия,SE,90", "Passport", "Россия", "as iso2"),
        ("RUS,SE,90", "Passport", "RUS", "as iso2"),
        ("RU,SE,-90", "Requirement", "-90", "days, or one of"),
        ("RU,SE,0", "Requirement", "0", "days, or one of"),
        ("RU,SE,99999", "Requirement", "99999", "days, or one of"),
        ("RU,SE,welcome", "Requirement", "welcome", "days, or one of"),
        ("RU,SE,-1", "Requirement", "-1", "one's own country"),
        ("SE,SE,90", "Requirement", "90", "one's own country"),
        ("RU,SE", "row", "RU,SE", "3 cells"),
        ("RU,SE,90,30", "row", "RU,SE,90,30", "3 cells"),
        ("RU,NO,90", "row", "RU,NO", "it is at line 2"),
    ],
)
def test_a_broken_row_is_named_and_the_others_are_read(
    small: Atlas, row: str, field: str, found: str, expected: str
) -> None:
    result = read(INDEX + row + "\nRU,FI,visa required\n", small)
    (refusal,) = result.refused
    assert (refusal.line, refusal.field, refusal.found) == (4, field, found)
    assert expected in str(refusal.expected)
    assert (result.read, result.accepted) == (4, 3)


@pytest.mark.parametrize(
    ("words", "rule", "days"),
    [
        ("90", VisaRule.VISA_FREE, 90),
        ("visa free", VisaRule.VISA_FREE, None),
        ("visa on arrival", VisaRule.ON_ARRIVAL, None),
        ("eta", VisaRule.ETA, None),
        ("e-visa", VisaRule.E_VISA, None),
        ("visa required", VisaRule.VISA_REQUIRED, None),
        ("no admission", VisaRule.NO_ADMISSION, None),
    ],
)
def test_every_word_of_an_index_has_its_rule(
    small: Atlas, words: str, rule: VisaRule, days: int | None
) -> None:
    assert read(f"{INDEX}RU,NA,{words}\n", small).listed[0] == ("NA", rule, days, words)


def test_a_rule_against_the_pack_is_a_conflict_and_an_unknown_country_a_proposal(small: Atlas) -> None:
    result = read(INDEX.replace("visa required", "90") + "RU,SE,no admission\n", small)
    assert [(one.fact, one.ours, one.theirs) for one in result.conflicts] == [
        ("entry-closed", "prohibition", "visa-free 90")
    ]
    entry = next(one for one in result.proposals if one.id == "entry-SE-index")
    assert entry.record["effect"] == "prohibition"
    assert entry.lacks == ("country SE",)


def test_the_names_of_the_download_page_are_read_and_instances_kept_apart(small: Atlas) -> None:
    result = read(DECISIONS, small, "unhcr-decisions")
    assert (result.layout, result.refused) == ("download", ())
    assert result.rows == {"RU>NO 2025": "first instance: 35 of 100, closed 20"}
    (proposal,) = result.proposals
    assert proposal.record["outcomes"] == {
        "period": {"en": "2025, first instance", "ru": "2025, первая инстанция"},
        "positive": 35,
        "decided": 100,
    }
    low, point, high = proposal.record["share_positive"]
    assert low < 0.264 < point == 0.35 < 0.447 < high  # wider than Wilson's interval: a 5 may be a 3


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("25,RUS,NOR,FI,1,1,1,1,4", "year"),
        ("2025,RU,NOR,FI,1,1,1,1,4", "coo_iso"),
        ("2025,RUS,XXA,FI,1,1,1,1,4", "coa_iso"),
        ("2025,RUS,NOR,FI,-1,1,1,1,2", "dec_recognized"),
        ("2025,RUS,NOR,FI,1.5,1,1,1,4", "dec_recognized"),
        ("2025,RUS,NOR,FI,1,1,1,1,400", "dec_total"),
        ("2025,RUS", "row"),
    ],
)
def test_a_broken_row_of_decisions_is_named(small: Atlas, row: str, field: str) -> None:
    (refusal,) = read(DECISIONS + row + "\n", small, "unhcr-decisions").refused
    assert (refusal.line, refusal.field) == (4, field)


def test_a_treaty_nobody_named_is_refused(small: Atlas) -> None:
    with pytest.raises(ImportRefused) as refused:
        read('Participant,"Accession(a), Succession(d)"\nNorway,23 Mar 1953\n', small, "treaties")
    assert "5-2.csv" in str(refused.value)


def test_a_date_that_does_not_exist_is_refused_in_a_treaty(small: Atlas) -> None:
    table = 'Participant,"Accession(a), Succession(d)"\nNorway,30 Feb 1953\nSweden,26 Oct 1954 a\n'
    (refusal,) = read(table, small, "treaties", "5-5.csv").refused
    assert (refusal.line, refusal.found) == (2, "30 Feb 1953")


def test_a_treaty_is_proposed_with_its_day_and_what_must_be_found_out(small: Atlas) -> None:
    table = (
        'Participant,Signature,"Accession(a), Succession(d), Ratification"\nNorway,4 Feb 1985,9 Jul 1986\n'
    )
    found = read(table + "Sudan,4 Jun 1986,\n", small, "treaties", "4-9.csv")
    by_id = {one.id: one for one in found.proposals}
    assert dict(by_id["treaty-against-torture-NO"].record) == {
        "country": "NO",
        "what": "against_torture",
        "status": "party",
        "since": "1986-07-09",
    }
    assert by_id["treaty-against-torture-SD"].record["status"] == "signed"
    assert by_id["treaty-against-torture-SD"].lacks == ("country SD",)


def test_a_treaty_that_says_otherwise_than_the_pack_is_a_conflict_and_changes_nothing() -> None:
    pack = load_pack(SHIPPED_PACK)
    table = 'Participant,"Accession(a), Succession(d)"\nKazakhstan,16 Jan 1999 a\nKyrgyzstan,\nNorway,28 Nov 1967 a\n'
    found = read(table, pack, "treaties", "5-5.csv")
    told = {(one.fact, one.key, one.ours, one.theirs) for one in found.conflicts}
    assert told == {
        ("treaty-refugee-protocol-KZ", "since", "1999-01-15", "1999-01-16"),
        ("treaty-refugee-protocol-KG", "status", "party", "signed"),
    }
    assert found.agreeing == 3


def test_json_that_nests_without_end_is_refused(small: Atlas) -> None:
    with pytest.raises(ImportRefused):
        read("[" * 100_000, small, "countries")


@given(kind=st.sampled_from(ImportKind), content=st.one_of(st.binary(max_size=200), st.text(max_size=200)))
@settings(max_examples=150, deadline=None)
def test_whatever_stands_in_a_file_it_is_read_or_refused(
    small: Atlas, kind: ImportKind, content: str | bytes
) -> None:
    for head in ("", INDEX, DECISIONS):
        body = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
        result = read_or_refused(head.encode() + body, small, kind)
        assert isinstance(result, ImportRefused) or 0 <= len(result.refused) <= result.read


def read_or_refused(content: bytes, atlas: Atlas, kind: ImportKind) -> Import | ImportRefused:
    try:
        return read(content, atlas, kind, "5-2.csv")
    except ImportRefused as refused:
        return refused


def said(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert main(["atlas", "import", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_command_lists_rules_and_tells_what_changed_since_the_import_before(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TROPA_DATA", str(tmp_path / "data"))
    pack = str(write_pack(tmp_path / "pack"))
    table = tmp_path / "table.csv"
    table.write_text(INDEX)
    words = ("passport-index", str(table), "--pack", pack, "--citizenship", "ru")
    dry = said(capsys, *words, "--dry-run")
    assert dry["destinations"][0] == {
        "destination": "NO",
        "rule": "visa-required",
        "days": None,
        "requirement": "visa required",
    }
    assert not (tmp_path / "data").exists()
    assert said(capsys, *words)["changed_since_last"] is None
    table.write_text(INDEX.replace("visa required", "30"))
    assert said(capsys, *words)["changed_since_last"] == [
        {"row": "RU>NO", "before": "visa required", "after": "30"}
    ]
    assert said(capsys, *words)["changed_since_last"] == []
    kept = tmp_path / "data" / "atlas" / "imports" / "passport-index.json"
    assert kept.stat().st_mode & 0o077 == 0
    assert list(kept.parent.iterdir()) == [kept]


def test_an_import_changes_no_file_of_the_pack(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TROPA_DATA", str(tmp_path / "data"))
    pack = write_pack(tmp_path / "pack")
    before = {path.name: path.read_bytes() for path in pack.iterdir()}
    table = tmp_path / "table.csv"
    table.write_text(INDEX.replace("visa required", "90"))
    assert main(["atlas", "import", "passport-index", str(table), "--pack", str(pack)]) == 0
    assert "conflicts a researcher must settle: 1" in capsys.readouterr().out
    assert {path.name: path.read_bytes() for path in pack.iterdir()} == before


@pytest.mark.parametrize("what", ["large", "missing", "folder"])
def test_the_command_refuses_a_file_before_it_reads_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.setenv("TROPA_DATA", str(tmp_path / "data"))
    table = tmp_path / "table.csv"
    if what == "large":
        with table.open("wb") as file:
            file.truncate(200 * 1024 * 1024)
    elif what == "folder":
        table.mkdir()
    assert (
        main(["atlas", "import", "airports", str(table), "--pack", str(write_pack(tmp_path / "pack"))]) == 1
    )
    error = capsys.readouterr().err
    assert error.startswith("table.csv:0: ")
    assert "the pack is as it was" in error
    assert not (tmp_path / "data").exists()
