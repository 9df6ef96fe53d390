"""What a page costs on first load: its HTML as it is, its style and scripts as they travel, together at most 60 kB; the
workbench's map, which is kept by the browser, beside it at most 80 kB.
"""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from tests.attacks.matrix import addresses, built
from tests.desk.world import World, signed_in

if TYPE_CHECKING:
    from tests.desk.plans.conftest import Planned

MOST, MOST_OF_THE_MAP = 60_000, 80_000
REFERRED = re.compile(r'(?:href|src)="(/static/desk/[\w./]+\.(?:css|js))"')
MAP = "/static/desk/map.svg"


def travels(client: Client, address: str) -> int:
    """Bytes of a file as a browser gets it."""
    answer = client.get(address, headers={"accept-encoding": "gzip, deflate, br"})
    assert answer.status_code == 200, address
    return len(answer.content)


def weight(client: Client, page: bytes) -> int:
    """The page with everything it loads, each file once."""
    files = set(REFERRED.findall(page.decode()))
    assert files
    return len(page) + sum(travels(client, file) for file in files)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_no_page_weighs_more_than_60_kilobytes(planned: Planned, language: str) -> None:
    scene, heavy, walked = built(planned), [], 0
    client = signed_in(planned.world.anna)
    client.cookies["tropa-desk-language"] = language
    for pattern, address in addresses(scene):
        if pattern.name in {"lock", "sign-out"}:
            continue
        answer = client.get(address)
        if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
            continue
        walked += 1
        if (weighs := weight(client, answer.content)) > MOST:
            heavy.append(f"{address}: {weighs}")
    assert heavy == []
    assert walked > 25


def test_the_longest_inbox_fits_too(world: World) -> None:
    text = "держат в подвале при части, третий день, пишу с чужого телефона, что делать и куда звонить? " * 3
    for _ in range(50):
        world.write_in(text)
    client = signed_in(world.boris)
    page = client.get("/inbox/").content
    assert page.count(b'class="who"') == 50
    assert weight(client, page) <= MOST


def test_the_map_travels_small_and_is_kept(db: None) -> None:
    client = Client()
    assert travels(client, MAP) <= MOST_OF_THE_MAP
    answer = client.get(MAP, headers={"accept-encoding": "gzip"})
    assert "max-age" in answer["Cache-Control"]


@pytest.mark.parametrize("file", ["desk.css", "keys.js", "map.svg"])
def test_what_travels_is_the_file_and_whoever_cannot_unpack_gets_it_whole(db: None, file: str) -> None:
    address, client = f"/static/desk/{file}", Client()
    packed = client.get(address, headers={"accept-encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    for refusing in ({}, {"accept-encoding": "gzip;q=0"}, {"accept-encoding": "br"}):
        whole = client.get(address, headers=refusing)
        assert "Content-Encoding" not in whole
        assert b"".join(whole.streaming_content) == gzip.decompress(packed.content)  # type: ignore[attr-defined]

    again = client.get(address, headers={"accept-encoding": "gzip", "if-none-match": packed["ETag"]})
    assert again.status_code == 304


def test_a_page_is_never_packed(world: World) -> None:
    """What holds secrets beside what somebody else chose must not tell by its size what it says."""
    answer = signed_in(world.boris).get("/inbox/", headers={"accept-encoding": "gzip"})
    assert "Content-Encoding" not in answer
