"""No path of somebody's machine, no index host, no lock that names one: the checkout works anywhere."""

import re
from pathlib import Path

INDEX_HOSTS = re.compile(r"pypi\.org|pythonhosted\.org|registry\.npmjs")
MACHINE_PATHS = re.compile(r"(?<![\w.~-])/(?:work|farm|root|home/\w+|Users/\w+)/(?=\w)")
HOST_PATHS_EXPLAINED = {"tests/project/test_nothing_of_one_machine_is_in_the_tree.py"}


def where(found: re.Pattern[str], texts: dict[Path, str], checkout: Path) -> list[str]:
    return [
        f"{path.relative_to(checkout)}:{number}"
        for path, text in texts.items()
        if str(path.relative_to(checkout)) not in HOST_PATHS_EXPLAINED
        for number, line in enumerate(text.splitlines(), 1)
        if found.search(line)
    ]


def test_no_file_holds_a_path_of_one_machine(texts: dict[Path, str], checkout: Path) -> None:
    assert where(MACHINE_PATHS, texts, checkout) == []


def test_no_file_names_a_package_index(files: list[Path], texts: dict[Path, str], checkout: Path) -> None:
    locks = {path: path.read_text() for path in files if path.suffix == ".lock"}
    assert locks
    assert where(INDEX_HOSTS, {**texts, **locks}, checkout) == []


def test_no_lock_of_uv_is_kept(files: list[Path]) -> None:
    assert [path.name for path in files if path.name == "uv" + ".lock"] == []


def test_the_search_itself_finds_what_it_looks_for() -> None:
    assert MACHINE_PATHS.search("see /home/anna/notes")
    assert not MACHINE_PATHS.search("TROPA_DATA=/srv/tropa")
    assert INDEX_HOSTS.search(INDEX_HOSTS.pattern.partition("|")[0].replace("\\", ""))
