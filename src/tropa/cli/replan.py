"""`tropa replan FOLDER --before DIR --after DIR`: what a change of facts does to the plans of everybody in a folder.

Everybody is planned on the older pack, judged against the newer one, and searched anew where the old plans are not
proven to stand; worst first. How far the work is goes to the error stream. Nothing is written, unless a journal is
asked for: with it, work that was killed goes on where it was, and nothing is done twice. With several workers each
takes a share of the people; one person's answer never depends on another's, so the answers are the same.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from tropa.atlas import Atlas, PackError
from tropa.cli.language import gettext as _
from tropa.cli.language import gettext_noop
from tropa.cli.replan_hands import GivenUp, Hands, Packs
from tropa.cli.replan_journal import Journal, NotThisJournal, digest_of_file, digest_of_pack
from tropa.cli.supervisor import say
from tropa.planning.errors import BadPerson
from tropa.planning.plan_json import to_json
from tropa.planning.replanned import PlannedAfter, PlannedBefore, Replanned, ReplanQuestion

if TYPE_CHECKING:
    from tropa.planning.mass.stored import OpenPlan
    from tropa.planning.person import PersonFacts

T = TypeVar("T")

STEPS_SAID = 20
"""So often, at most, the work says how far it is."""

VERDICTS = {
    "broken": gettext_noop("broken"),
    "worse": gettext_noop("worse, or not sure"),
    "could_be_better": gettext_noop("could be better"),
    "untouched": gettext_noop("untouched"),
}
OUTCOMES = {
    "kept": gettext_noop("the plans stand, by proof"),
    "same": gettext_noop("searched anew: the same plans"),
    "changed": gettext_noop("searched anew: other plans"),
    "no_way": gettext_noop("searched anew: no way is left"),
    "cut_off": gettext_noop("searched anew as far as the effort went: ways may be missing"),
    "not_planned": gettext_noop("not planned: the pack no longer knows what the file names"),
}


def add_commands(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `tropa replan`."""
    parser = subparsers.add_parser(
        "replan", description=_("Say what a change of facts does to the plans of everybody in a folder.")
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help=_("persons, one YAML file each"))
    parser.add_argument(
        "--before", type=Path, required=True, metavar="DIR", help=_("the pack before the change")
    )
    parser.add_argument("--after", type=Path, required=True, metavar="DIR", help=_("the pack after it"))
    parser.add_argument(
        "--as-of", type=date.fromisoformat, metavar="DAY", help=_("count the facts as reviewed on this day")
    )
    parser.add_argument("--workers", type=int, default=1, metavar="N", help=_("processes to share the work"))
    parser.add_argument(
        "--journal",
        type=Path,
        metavar="FILE",
        help=_("keep here what was found, so that killed work goes on; it tells where people are"),
    )
    parser.add_argument("--json", action="store_true", help=_("one JSON document per file, for programs"))
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Replan; 0 if every file could be planned on the older pack, 1 otherwise."""
    files = {file.name: file for file in sorted(arguments.folder.glob("*.yaml"))}
    if not files:
        print(_("There are no persons in {folder}.").format(folder=arguments.folder), file=sys.stderr)
        return 1
    on = arguments.as_of or datetime.now(UTC).date()
    packs = Packs(arguments.before, arguments.after, on, arguments.as_of)
    try:
        atlases = packs.load()
    except PackError as error:
        print(error, file=sys.stderr)
        return 1
    try:
        journal = _journal(arguments.journal, packs, files)
    except NotThisJournal:
        words = _("{file} is not the journal of this work, or another process is writing it.")
        print(words.format(file=arguments.journal), file=sys.stderr)
        return 1
    people, faults = _read(files, atlases[0], on)
    with Hands(packs, atlases, arguments.workers) as hands:
        replan = Replan(people, journal, hands)
        rows = replan.answers(atlases, on)
    _show(rows, arguments.json)
    for fault in (*faults, *replan.faults):
        print(fault, file=sys.stderr)
    journal.close() if replan.faults else journal.take_away()
    return 1 if faults or replan.faults else 0


def _journal(path: Path | None, packs: Packs, files: dict[str, Path]) -> Journal:
    if path is None:
        digests = dict[str, str]()
        return Journal(None, ReplanQuestion("", "", packs.on, packs.reviewed_as_of), digests)
    digests = {name: digest_of_file(file) for name, file in files.items()}
    question = ReplanQuestion(
        digest_of_pack(packs.before), digest_of_pack(packs.after), packs.on, packs.reviewed_as_of
    )
    return Journal(path, question, digests)


def _read(files: dict[str, Path], atlas: Atlas, on: date) -> tuple[dict[str, PersonFacts], list[str]]:
    """The people who can be planned, by file, and what is wrong with the other files."""
    from tropa.planning.person_file import read_person

    people, faults = dict[str, "PersonFacts"](), list[str]()
    for name, file in files.items():
        try:
            people[name] = read_person(file.read_text(encoding="utf-8"), atlas, on, name=name)
        except BadPerson as error:
            faults += [f"{name}: {problem.field}: {problem.expected}" for problem in error.problems]
        except (OSError, UnicodeDecodeError) as error:
            faults.append(f"{name}: {error}")
    return people, faults


class Replan:
    """The work on one folder. `faults`: people it had to give up."""

    def __init__(self, people: dict[str, PersonFacts], journal: Journal, hands: Hands) -> None:
        self.people, self.journal, self.hands = people, journal, hands
        self.faults: list[str] = []

    def answers(self, atlases: tuple[Atlas, Atlas], on: date) -> list[Replanned]:
        """A row for everybody who could be planned."""
        from tropa.planning.mass.renewal import Renewal
        from tropa.planning.mass.triage import Verdict

        self._plan_before()
        plans = list(self._open_plans())
        renewal = Renewal(*atlases, on, plans)
        verdicts = [Verdict(one).name.lower() for one in renewal.triage.verdicts.tolist()]
        self._say_verdicts(verdicts)
        self._plan_after([plans[number] for number in renewal.waiting])
        rows = []
        for plan, verdict in zip(plans, verdicts, strict=True):
            found = self.journal.after.get(plan.key)
            if found is not None:
                rows.append(found.row)
            elif verdict == "untouched":
                rows.append(Replanned(plan.key, verdict, "", len(plan.front), len(plan.front)))
        return rows

    def _plan_before(self) -> None:
        """Everybody's plans on the older pack."""
        waiting = [one for one in self.people.items() if one[0] not in self.journal.before]
        said = gettext_noop("planned on the older pack: {done} of {total}")
        for file, front in self._told(self.hands.before(waiting), len(waiting), len(self.people), said):
            self.journal.keep(PlannedBefore(file, self.journal.digest(file), front))

    def _open_plans(self) -> Iterator[OpenPlan]:
        from tropa.planning.mass.stored import OpenPlan

        for file, person in self.people.items():
            if file in self.journal.before:
                front = self.journal.before[file].front
                yield OpenPlan(file, person, front.lines, 0, whole=front.whole)

    def _plan_after(self, worst_first: Sequence[OpenPlan]) -> None:
        waiting = [plan for plan in worst_first if plan.key not in self.journal.after]
        said = gettext_noop("searched anew, the worst first: {done} of {total}")
        for file, row in self._told(self.hands.after(waiting), len(waiting), len(worst_first), said):
            self.journal.keep(PlannedAfter(self.journal.digest(file), row))

    def _told(
        self, found: Iterator[tuple[str, T | GivenUp]], waiting: int, total: int, said: str
    ) -> Iterator[tuple[str, T]]:
        """The same without those given up, saying now and then how far it is."""
        for number, (file, one) in enumerate(found, 1):
            if isinstance(one, GivenUp):
                self.faults.append(_("{file}: given up, the search died of it twice").format(file=file))
            else:
                yield file, one
            if number == waiting or number % max(1, total // STEPS_SAID) == 0:
                say(_(said).format(done=total - waiting + number, total=total))

    def _say_verdicts(self, verdicts: Iterable[str]) -> None:
        counts = Counter(verdicts)
        counted = ", ".join(f"{_(VERDICTS[one])}: {counts[one]}" for one in VERDICTS)
        say(_("judged, before anything is searched anew: {counted}").format(counted=counted))


def _show(rows: list[Replanned], as_json: bool) -> None:
    order = list(VERDICTS)
    for row in sorted(rows, key=lambda one: (order.index(one.verdict), one.file)):
        if as_json:
            print(to_json(row))
            continue
        outcome = f"; {_(OUTCOMES[row.outcome])}" if row.outcome else ""
        ways = _("best ways: {before} before, {after} after").format(
            before=row.ways_before, after=row.ways_after
        )
        print(f"{row.file}: {_(VERDICTS[row.verdict])}{outcome}; {ways}")
