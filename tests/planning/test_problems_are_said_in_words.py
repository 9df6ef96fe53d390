"""Whatever is wrong with a person's file is said in the language of the answer, with names that are near."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tropa.atlas import Atlas, load_pack
from tropa.atlas.pack import EXAMPLE_DAY, SHIPPED_PACK
from tropa.cli.main import main
from tropa.planning.answer import Planner
from tropa.planning.apart import plans_apart
from tropa.planning.errors import BadPerson, PersonProblem
from tropa.planning.person import HeldPaper, PersonFacts
from tropa.planning.person_file import FORMAT, read_person
from tropa.planning.problem_words import EXPECTED, problem_line, template_of

CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
HEAD = f"format: {FORMAT}\nplace: moscow\nprofile: summoned\nmoney: 1500\n"
FILES = (
    "",
    "place:\tmoscow\n\tx: 1\n",
    "format: something else\n",
    HEAD + "mony: 3\n",
    HEAD + "money: 2\n",
    HEAD + "papers: internal\n",
    HEAD + "papers: [{from: 2020-01-01}]\n",
    HEAD + "papers: [{paper: fp10, from: 2030-01-01, until: 2020-01-01}]\n",
    HEAD + "papers: [{paper: fp10, until: 2090-01-01}]\n",
    HEAD + "papers: [internal, internal]\n",
    HEAD + "papers: [pasport]\n",
    HEAD + "past_stays: [{country: KZ}]\n",
    HEAD + "entered: 2026-13-45\n",
    HEAD + "entered: 2027-01-01\n",
    HEAD + "deadline: 2020-01-01\n",
    HEAD + "statuses: {exit_ban: maybe}\n",
    HEAD + "wishes: {pin: {countries: [FR]}, never: {countries: [FR]}}\n",
    HEAD + "wishes: {never: {countries: [FRA], modes: [planes], legs: [AIR-SVO-ISX], offices: [embasy]}}\n",
    HEAD + "companions:\n" + "  - {relation: x, profile: summoned, papers: []}\n" * 12,
    HEAD + "further_papers: 90\n",
    HEAD.replace("1500", "-5"),
    HEAD.replace("1500", "1e30"),
    HEAD.replace("moscow", "moskow"),
    HEAD.replace("summoned", "sumoned"),
)


@pytest.fixture(scope="module")
def atlas() -> Atlas:
    return load_pack(SHIPPED_PACK, reviewed_as_of=EXAMPLE_DAY)


def problems(atlas: Atlas, text: str) -> tuple[PersonProblem, ...]:
    with pytest.raises(BadPerson) as caught:
        Planner(atlas).plans(read_person(text, atlas, EXAMPLE_DAY, name="file"), EXAMPLE_DAY)
    return caught.value.problems


def every_problem(atlas: Atlas) -> Iterator[PersonProblem]:
    for text in FILES:
        yield from problems(atlas, text)
    someone = read_person(HEAD, atlas, EXAMPLE_DAY, name="file")
    with pytest.raises(BadPerson) as caught:
        plans_apart(Planner(atlas), someone, EXAMPLE_DAY, ((0,), (3,)))
    yield from caught.value.problems


def test_everything_that_can_be_expected_is_said_in_both_languages(atlas: Atlas) -> None:
    reached = set()
    for problem in every_problem(atlas):
        template = template_of(problem.expected)
        assert template is not None or problem.expected == FORMAT, problem
        reached.add(template)
        english, russian = problem_line(problem, "en"), problem_line(problem, "ru")
        assert problem.expected in english
        assert CYRILLIC.search(russian)
        for value in re.findall(r"\d{4}-\d\d-\d\d|\d[\d,]*", problem.expected):
            assert value in russian
    assert reached == {*EXPECTED, None}


@pytest.mark.parametrize(
    ("paper", "near"),
    [("pasport", "internal"), ("загранпаспорт", "fp10"), ("fp1", "fp10"), ("internl", "internal")],
)
def test_a_paper_is_found_by_its_id_by_its_name_and_by_a_word_of_it(
    atlas: Atlas, paper: str, near: str
) -> None:
    someone = read_person(HEAD, atlas, EXAMPLE_DAY, name="file")
    asked = PersonFacts(place=someone.place, profile=someone.profile, papers=(HeldPaper(paper),))
    with pytest.raises(BadPerson) as caught:
        Planner(atlas).plans(asked, EXAMPLE_DAY)
    (one,) = caught.value.problems
    assert near in one.nearest
    assert len(one.nearest) <= 3


@pytest.mark.parametrize(("country", "near"), [("France", "FR"), ("Армени", "AM"), ("FRA", "FR")])
def test_a_country_is_found_by_its_code_and_by_either_name(atlas: Atlas, country: str, near: str) -> None:
    someone = read_person(HEAD, atlas, EXAMPLE_DAY, name="file")
    with pytest.raises(BadPerson) as caught:
        Planner(atlas).plans(someone, EXAMPLE_DAY, ask_about=[country])
    assert near in caught.value.problems[0].nearest


def test_the_command_says_it_in_the_language_of_the_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place, bytes_ = tmp_path / "place.yaml", tmp_path / "bytes.yaml"
    place.write_text(HEAD.replace("moscow", "москваа"), encoding="utf-8")
    bytes_.write_bytes(b"\xff\xfe\x00")
    files = [place, bytes_, tmp_path, tmp_path / "none.yaml"]
    assert main(["plan", *map(str, files), "--as-of", "2026-11-22", "--language", "ru"]) == 1
    said = capsys.readouterr().err.splitlines()
    assert (
        said[0]
        == "place.yaml:2: place: стоит 'москваа', а нужно: место из атласа; похожие: "
        + said[0].rpartition(": ")[2]
    )
    assert "moscow" in said[0]
    assert said[1:] == [
        f"{bytes_}: этот файл не текст (UTF-8)",
        f"{tmp_path}: это папка, а не файл",
        f"{tmp_path / 'none.yaml'}: такого файла нет",
    ]


@pytest.mark.parametrize(
    "words", [["--apart", "x/2"], ["--apart", "1/"], ["--seconds", "-1"], ["--seconds", "soon"]]
)
def test_what_is_no_group_and_no_time_is_refused_without_names_of_the_program(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["plan", "person.yaml", *words])
    assert "_groups" not in (said := capsys.readouterr().err)
    assert "_seconds" not in said
