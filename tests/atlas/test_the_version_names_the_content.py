"""Equal facts have one version, whatever the files; another word anywhere is another version."""

import re
from datetime import date
from pathlib import Path

from tests.atlas.small_pack import FILES, spoiled, write_pack
from tropa.atlas import SHIPPED_PACK, load_pack

SMALL = "243e54f3fa9ce324"
"""Beginning of the small pack's version: format 1 reads and names old packs as it always did."""


def test_the_version_does_not_depend_on_files_or_their_order(tmp_path: Path) -> None:
    whole = load_pack(write_pack(tmp_path / "whole"))
    record = FILES["places.yaml"].partition("facts:\n")[2]
    first, second = (f"  - id: {part}" for part in record.split("  - id: ")[1:])
    apart = load_pack(
        write_pack(
            tmp_path / "apart", places=f"kind: place\nfacts:\n{second}", zz=f"kind: place\nfacts:\n{first}"
        )
    )
    assert apart.version == whole.version
    assert list(apart.facts) == list(whole.facts) == sorted(whole.facts)


def test_comments_and_quotes_are_not_content(tmp_path: Path) -> None:
    changed = spoiled("places", "    what: city", "    # where one lives\n    what: 'city'")
    assert (
        load_pack(write_pack(tmp_path / "a", **changed)).version
        == load_pack(write_pack(tmp_path / "b")).version
    )


def test_any_other_word_is_another_version(tmp_path: Path) -> None:
    plain = load_pack(write_pack(tmp_path / "plain")).version
    changes = [
        spoiled("places", "latitude: 68.97", "latitude: 68.98"),
        spoiled("legs", "review_by: 2026-12-06", "review_by: 2026-12-07"),
        spoiled("sources", "en: A law", "en: Another law"),
        spoiled("pack", "review: unverified", "review: reviewed"),
        spoiled("legs", "papers: [[fp10]]", "papers: [[]]"),
    ]
    versions = {
        load_pack(write_pack(tmp_path / str(number), **change)).version
        for number, change in enumerate(changes)
    }
    assert len(versions) == len(changes)
    assert plain not in versions


def test_counting_as_reviewed_changes_no_content(tmp_path: Path) -> None:
    pack = write_pack(tmp_path)
    assert load_pack(pack, reviewed_as_of=date(2026, 11, 22)).version == load_pack(pack).version


def test_the_version_of_format_one_stays_what_it_was(tmp_path: Path) -> None:
    assert load_pack(write_pack(tmp_path)).version.startswith(SMALL)


def test_a_version_is_sixty_four_hexadecimal_digits() -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", load_pack(SHIPPED_PACK).version)
