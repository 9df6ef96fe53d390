"""`tropa answers bench`: a file is measured whole, or every fault is named by its line."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from tropa.cli import answers
from tropa.counsel.bench import measure, read_bench
from tropa.counsel.errors import BadBench

LINES = [
    '{"id": "a", "text": "Повестка считается вручённой через семь дней после размещения в реестре."}',
    '{"id": "b", "text": "Загранпаспорт нужно сдать в течение пяти дней."}',
    "",
    '{"question": "zagran nado sdavat?", "answer_id": "b"}',
    '{"question": "через сколько дней павестка вручена", "answer_id": "a"}',
    '{"question": "повестка в реестре", "answer_id": "b"}',
]


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    answers.add_commands(parser.add_subparsers())
    parsed = parser.parse_args(["answers", *arguments])
    result: int = parsed.run(parsed)
    return result


def test_shares_ranks_and_time_are_those_of_the_file() -> None:
    ticks = iter([10.0, 10.3])
    measured = measure(*read_bench(LINES), clock=lambda: next(ticks))
    assert (measured.passages, measured.questions) == (2, 3)
    assert measured.first == pytest.approx(2 / 3)
    assert measured.milliseconds == pytest.approx(100)
    assert [query.question for query in measured.missed] == ["повестка в реестре"]


def test_the_command_prints_figures_for_people_and_for_programs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "set.jsonl"
    file.write_text("\n".join(LINES), encoding="utf-8")
    assert run("bench", str(file), "--missed") == 0
    shown = capsys.readouterr().out
    assert "recall@1: 0.6667" in shown
    assert "b\tповестка в реестре" in shown
    assert run("bench", str(file), "--json") == 0
    assert json.loads(capsys.readouterr().out)["recall@1"] == pytest.approx(0.666667)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("not json", "line 7: no JSON"),
        ('{"id": "a", "text": "again"}', "line 7: the passage 'a' stands twice"),
        ('{"question": "?", "answer_id": "c"}', "line 7: no passage 'c'"),
        ('{"text": "no id"}', "line 7: neither"),
        ("[]", "line 7: neither"),
        ('{"id": true, "text": "no id either"}', "line 7: neither"),
        ('{"question": " ", "answer_id": "a"}', "line 7: neither"),
        ('{"id": "c", "text": "and a question", "question": "of what?"}', "line 7: neither"),
    ],
)
def test_a_fault_is_named_by_its_line(
    line: str, fault: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "set.jsonl"
    file.write_text("\n".join([*LINES, line]), encoding="utf-8")
    assert run("bench", str(file)) == 1
    assert fault in capsys.readouterr().err


def test_all_faults_are_named_at_once_and_a_file_without_questions_is_refused() -> None:
    with pytest.raises(BadBench) as refused:
        read_bench(["x", "[]"])
    assert len(refused.value.faults) == 2
    with pytest.raises(BadBench, match="no question"):
        read_bench(LINES[:2])


def test_a_file_is_read_however_it_was_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    records = [
        {"question": "когда сдать загранпаспорт", "answer_id": 2, "id": "q1", "text": None, "lang": "ru"},
        {"id": 1, "text": "Повестка считается вручённой через семь дней.", "title": None, "question": None},
        {"id": "2", "text": "Загранпаспорт нужно сдать в течение пяти дней.", "url": "x", "tags": ["a"]},
        {"question": "через сколько дней повестка вручена", "answer_id": "1", "is_impossible": False},
        {"question": "загранпаспорт сдать в течение", "answer_id": "2"},
        {"id": 2, "text": "Загранпаспорт нужно сдать в течение пяти дней."},
    ]
    file = tmp_path / "set.jsonl"
    written = "\r\n".join(json.dumps(record, ensure_ascii=False) for record in records)
    file.write_bytes(b"\xef\xbb\xbf" + written.encode() + b"\r\n\r\n")
    assert run("bench", str(file), "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["passages"], told["questions"], told["recall@1"]) == (2, 3, 1.0)


def test_a_line_may_hold_a_passage_with_its_question_but_the_text_of_a_question_is_no_passage() -> None:
    first, second = "Повестка считается вручённой через семь дней.", "Загранпаспорт нужно сдать за пять дней."
    records = [
        {"id": 1, "text": first, "question": "когда повестка считается вручённой", "answer_id": 1},
        {"id": 1, "text": first, "question": "через сколько дней она вручена", "answer_id": "1"},
        {"id": "2", "text": second, "question": "", "answer_id": None},
        {"id": "q3", "text": "когда сдать паспорт", "question": "когда сдать паспорт", "answer_id": "2"},
    ]
    passages, queries = read_bench(json.dumps(record, ensure_ascii=False) for record in records)
    assert [(one.id, one.text) for one in passages] == [("1", first), ("2", second)]
    assert [one.answer_id for one in queries] == ["1", "1", "2"]


def test_the_order_of_the_records_changes_nothing() -> None:
    one, other = read_bench(LINES), read_bench(LINES[::-1])
    assert sorted(one[0], key=lambda passage: passage.id) == sorted(other[0], key=lambda passage: passage.id)
    assert sorted(one[1], key=str) == sorted(other[1], key=str)
