"""The answer for a party that parts, as text for a terminal: together first, then each group, then which plans go
together. Says plainly what parting means, and what no fact here can say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tropa.atlas import Atlas
from tropa.planning.apart import Apart, PartedGroup, Split, group_of
from tropa.planning.person import PersonFacts
from tropa.planning.sentences import gettext_noop as _
from tropa.planning.table import table
from tropa.planning.words import Words

MOST_SPLITS = 5


def apart_table(
    name: str, answer: Apart, person: PersonFacts, language: str, atlas: Atlas | None = None
) -> str:
    """The whole answer for one party; a plan that is not among those shown of its group, and goes with others, is shown
    behind them."""
    groups = tuple(_with_named(answer, number) for number in range(len(answer.groups)))
    answer = replace(answer, groups=groups)
    words = Words(language, answer.groups[0].plans)
    lines = [table(name, answer.together, person, language, atlas)]
    said = _(
        "Apart, because it was asked for: they part {place}, and from there each group travels on its own papers, "
        "as if it were alone."
    )
    lines += [words.text(said).format(place=words.there(person.place)), ""]
    for number, group in enumerate(answer.groups, 1):
        lines += _group(number, name, group, person, Words(language, group.plans), atlas)
    lines += _splits(answer, words)
    return "\n".join([*lines, ""])


def _with_named(answer: Apart, number: int) -> PartedGroup:
    group = answer.groups[number]
    shown, named = group.plans.plans, {split.plans[number] for split in answer.splits[:MOST_SPLITS]}
    behind = [plan for plan in group.plans.front if plan.id in named - {one.id for one in shown}]
    return replace(group, plans=replace(group.plans, plans=(*shown, *behind)))


def _group(
    number: int, name: str, group: PartedGroup, person: PersonFacts, words: Words, atlas: Atlas | None
) -> Iterator[str]:
    members = [
        words.relation(person.members[member].relation) or words.name(person.members[member].profile.value)
        if member
        else words.text(_("the person themselves"))
        for member in group.members
    ]
    title = words.text(_("Group {number}: {members}")).format(number=number, members=", ".join(members))
    yield title
    if 0 not in group.members:
        yield words.text(
            _(
                "They would travel without the others. Whether they may, above all a child or somebody in another's"
                " care, no fact here says: a person must look at it before this is chosen."
            )
        )
    yield table(f"{name}, {number}", group.plans, group_of(person, group.members), words.language, atlas)


def _splits(answer: Apart, words: Words) -> Iterator[str]:
    yield words.text(_("Which plans go together"))
    for number, group in enumerate(answer.groups, 1):
        if not group.plans.front and group.plans.cut_off is None:
            yield "  - " + words.text(_("Group {number} has no way, so parting helps nobody.")).format(
                number=number
            )
    if answer.cut_off is not None:
        yield "  - " + words.say(answer.cut_off)
    if answer.short_euros:
        said = words.text(_("Apart the money does not suffice: at worst {euros} more is needed."))
        yield "  - " + said.format(euros=words.whole_euros(answer.short_euros))
    if not answer.splits:
        return
    if not any(split.country for split in answer.splits) and answer.cut_off is None:
        yield "  - " + words.text(_("There is no country in which all of them can end."))
    for split in answer.splits[:MOST_SPLITS]:
        yield "  - " + _split(split, answer, words)
    more = len(answer.splits) - MOST_SPLITS
    if more > 0:
        yield "  - " + words.text(_("and {count} more")).format(count=more)
    yield words.text(
        _(
            "Nobody can count on another group's money on the way: each has to have its own with it when they part."
        )
    )


def _split(split: Split, answer: Apart, words: Words) -> str:
    named = []
    for number, (group, plan) in enumerate(zip(answer.groups, split.plans, strict=True), 1):
        shown = [one.id for one in group.plans.plans]
        named.append(f"{number}{chr(ord('A') + shown.index(plan))}")
    met = words.text(_("together again {country}")).format(country=words.there(split.country))
    line = words.text(
        _(
            "{plans}: {where}; it goes wrong for somebody in {anybody}, for the group it is worst for in {worst}; "
            "the last arrives after {days}; to have with them: {each}, together {purse}"
        )
    )
    return line.format(
        plans=" + ".join(named),
        where=met if split.country else words.text(_("they end in different countries")),
        anybody=words.percent(split.anybody),
        worst=words.percent(split.worst),
        days=words.days(split.days),
        each=", ".join(map(words.whole_euros, split.euros)),
        purse=words.whole_euros(split.purse),
    )
