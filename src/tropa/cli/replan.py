"""`tropa replan FOLDER --before DIR --after DIR`: what a change of facts does to the plans of everybody in a folder.

Everybody is planned on the older pack, judged against the newer one, and searched anew where the old plans are not
proven to stand; worst first. Nothing is written. With several workers each takes a share of the people; one person's
answer never depends on another's, so the answers are the same.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime
from multiprocessing import get_context
from pathlib import Path

from tropa.atlas import Atlas, PackError, load_pack
from tropa.cli.language import gettext as _
from tropa.cli.language import gettext_noop
from tropa.planning.errors import BadPerson
from tropa.planning.plan_json import to_json
from tropa.planning.replanned import Replanned

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
    parser.add_argument("--json", action="store_true", help=_("one JSON document per file, for programs"))
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Replan; 0 if every file could be planned on the older pack, 1 otherwise."""
    files = sorted(arguments.folder.glob("*.yaml"))
    if not files:
        print(_("There are no persons in {folder}.").format(folder=arguments.folder), file=sys.stderr)
        return 1
    workers = max(1, min(arguments.workers, len(files)))
    shares = [files[n::workers] for n in range(workers)]
    try:
        if workers == 1:
            parts = [_part(arguments.before, arguments.after, arguments.as_of, shares[0])]
        else:
            with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
                asked = [
                    pool.submit(_part, arguments.before, arguments.after, arguments.as_of, share)
                    for share in shares
                ]
                parts = [one.result() for one in asked]
    except PackError as error:
        print(error, file=sys.stderr)
        return 1
    _show([row for rows, _faults in parts for row in rows], arguments.json)
    faults = [fault for _rows, found in parts for fault in found]
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def _part(
    before: Path, after: Path, as_of: date | None, files: list[Path]
) -> tuple[list[Replanned], list[str]]:
    """One worker's share: rows, and what is wrong with files."""
    from tropa.planning.compiling import Compilations
    from tropa.planning.mass.renewal import Renewal, planned
    from tropa.planning.mass.together import Together
    from tropa.planning.mass.triage import Verdict

    on = as_of or datetime.now(UTC).date()
    old, new = (load_pack(path, reviewed_as_of=as_of) for path in (before, after))
    together = Together(Compilations(old), on)
    plans, faults = [], []
    for file in files:
        try:
            plans.append(planned(together, file.name, _read(file, old, on)))
        except BadPerson as error:
            faults += [f"{file.name}: {problem.field}: {problem.expected}" for problem in error.problems]
        except (OSError, UnicodeDecodeError) as error:
            faults.append(f"{file.name}: {error}")
    renewal = Renewal(old, new, on, plans)
    verdicts = [Verdict(one).name.lower() for one in renewal.triage.verdicts.tolist()]
    rows = {
        n: Replanned(plan.key, verdicts[n], "", len(plan.front), len(plan.front))
        for n, plan in enumerate(plans)
    }
    for one in renewal.run():
        front = len(plans[one.number].front)
        rows[one.number] = Replanned(
            plans[one.number].key, one.verdict.name.lower(), one.outcome.value, front, len(one.plan.front)
        )
    return list(rows.values()), faults


def _read(file: Path, atlas: Atlas, on: date):  # type: ignore[no-untyped-def]  # the planner is loaded late
    from tropa.planning.person_file import read_person

    return read_person(file.read_text(encoding="utf-8"), atlas, on, name=file.name)


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
