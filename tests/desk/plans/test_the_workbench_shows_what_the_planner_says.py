"""Beside its plans the workbench says what the planner left out, what closes ways, and how many plans there are."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING

from django.urls import reverse

from tests.desk.plans.example_plans import ReadyPlanner, answer
from tests.desk.plans.test_the_pages_work_without_script import page
from tests.desk.world import signed_in
from tropa.planning.plan import Reason, Span, Withheld
from tropa.planning.words import Words

if TYPE_CHECKING:
    from tests.desk.plans.conftest import Planned

NO_WAY_ON = Reason("paper_without_fallback", (("paper", "foreign-10"), ("place", "moscow")))


def test_what_the_planner_left_out_is_told_beside_its_plans(planned: Planned) -> None:
    from tropa.desk.plans import planner

    whole = answer()
    left_alone = replace(whole.plans[0], unguarded=(2,))
    ready = ReadyPlanner()
    ready.set = replace(
        whole,
        plans=(left_alone, *whole.plans[1:]),
        withheld=(Withheld(NO_WAY_ON, Span(0.1, 0.2, 0.3), "AM", (Reason("cut_off_reasons"),)),),
        cut_off=Reason("cut_off_before"),
    )
    planner.use(ready)
    text = page(signed_in(planned.world.boris), reverse("desk:workbench", args=[planned.case.pk]))
    words, shown = Words("ru", ready.set), unescape(text)
    assert left_alone.warning is not None
    for told in (Reason("cut_off_before"), NO_WAY_ON, left_alone.warning):
        assert words.say(told) in shown
    assert "Это ещё не весь ответ" in shown
    assert "Не предлагаем" in shown


def test_things_that_close_ways_are_counted_and_a_link_leads_to_all_of_them(planned: Planned) -> None:
    from tropa.desk.plans import planner

    ready = ReadyPlanner()
    ready.set = replace(ready.set, closed=(ready.set.closed[0],) * 17)
    planner.use(ready)
    boris, address = signed_in(planned.world.boris), reverse("desk:workbench", args=[planned.case.pk])
    closes = unescape(Words("ru", ready.set).say(ready.set.closed[0].reason))
    text = unescape(page(boris, address))
    assert closes not in text
    link = re.search(r'<a href="(\?[^"#]*whole=1)#closed">17 причин закрывают дороги', text)
    assert link is not None
    assert unescape(page(boris, address + link[1])).count(closes) == 17


def test_where_no_way_is_left_all_that_closes_ways_stands_there(planned: Planned) -> None:
    from tropa.desk.plans import planner

    ready = ReadyPlanner()
    ready.set = replace(ready.set, plans=(), front=(), closed=(ready.set.closed[0],) * 3)
    planner.use(ready)
    boris, address = signed_in(planned.world.boris), reverse("desk:workbench", args=[planned.case.pk])
    closes = unescape(Words("ru", ready.set).say(ready.set.closed[0].reason))
    assert unescape(page(boris, address)).count(closes) == 3


def test_of_seven_plans_four_have_their_lines_and_choosing_draws_another(planned: Planned) -> None:
    from tropa.desk.plans import planner

    ready = ReadyPlanner()
    first = ready.set.plans[0]
    seven = tuple(replace(first, id=f"{number:024x}") for number in range(7))
    ready.set = replace(ready.set, plans=seven, front=seven)
    planner.use(ready)
    boris, address = signed_in(planned.world.boris), reverse("desk:workbench", args=[planned.case.pk])
    text = page(boris, address)
    assert (text.count("<article"), text.count('class="metro')) == (7, 4)
    assert f'<a href="?plan={seven[6].id}#plan-Ж">Показать линию плана Ж</a>' in text
    chosen = page(boris, f"{address}?plan={seven[6].id}")
    assert chosen.count('class="metro') == 5
    assert "Показать линию плана Ж" not in chosen
