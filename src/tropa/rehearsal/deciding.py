"""Third act: facts, plans, two people who must agree, and the first step on its way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tropa.rehearsal.language import gettext as _
from tropa.rehearsal.page import Page
from tropa.rehearsal.promises import Broken
from tropa.rehearsal.scene import Scene
from tropa.rehearsal.volunteer import Volunteer

CHECK_IN_AFTER = timedelta(days=2)
MOST_LOOKS = 8
"""How often somebody looks again whose machine is too busy for the planner's seconds."""


def plan(scene: Scene) -> None:
    """From the card to a plan that waits for a second reader."""
    lead, promises = scene.staff.lead, scene.promises
    bench = lead.set_facts(lead.thread(scene.applicant.thread_id))
    plans = _plans_on(bench)
    for _again in range(MOST_LOOKS):
        if plans:
            break
        bench = lead.browser.get(bench.address)
        plans = _plans_on(bench)
    promises.check(
        bool(plans) and b'class="atlas"' in bench.body,
        _("From the facts of the case plans are computed and drawn on a map (%(count)d)")
        % {"count": len(plans)},
        f"{bench.status} {bench.address}",
    )
    words = lead.words_for_steps(bench)
    scene.steps = lead.drafted(words)
    scene.said += scene.steps
    page = lead.ask_review(words)
    if "/review/" not in page.address:
        raise Broken(_("A chosen plan goes to a second reader"), f"{page.status} {page.address}")
    scene.plan_id = page.address.split("/review/")[1].split("/")[0]
    promises.check(
        _state(scene) == "in_review",
        _("A chosen plan waits for a second reader, signed by its author"),
        _state(scene),
    )


def _plans_on(bench: Page) -> set[str]:
    return {
        link.address for link in bench.links if link.address.startswith("?plan=") and "#plan-" in link.address
    }


def refuse_the_author(scene: Scene) -> None:
    """By the page, by the address behind it, and in the database: the author does not approve."""
    lead, promises = scene.staff.lead, scene.promises
    page = lead.review(scene.plan_id)
    offered = page.form("/return/")
    lead.send_to(f"/review/{scene.plan_id}/approve/", page)
    lead.send_to(f"/review/{scene.plan_id}/return/", page, decision="approve")
    promises.check(
        (offered is None or "decision" not in offered.offered) and _state(scene) == "in_review",
        _("The author of a plan is offered no approval, and trying it anyway is refused"),
        _state(scene),
    )
    promises.check(
        scene.database.refuses("UPDATE plans_plan SET approver_id = author_id WHERE id = ?", scene.plan_id),
        _("The database itself refuses the author as approver"),
    )
    lead.send_to(f"/plans/{scene.plan_id}/steps/1/release/", page)
    promises.check(
        _releases(scene) == 0 and scene.applicant.answers().form("/answers/", button="step_done") is None,
        _("Before a second person has agreed, no step leaves, not even when asked for by its address"),
    )


def agree_and_release(scene: Scene) -> None:
    """The second person looks, approves; the first person sends step one with a check-in."""
    lead, second, promises = scene.staff.lead, scene.second, scene.promises
    assert second is not None
    waiting = second.browser.get("/review/")
    page = second.review(scene.plan_id)
    promises.check(
        waiting.link(f"/review/{scene.plan_id}/") is not None and page.link("/atlas/") is not None,
        _("%(who)s sees the plan with its facts and their sources") % {"who": second.who.pseudonym},
        f"{page.status} {page.address}",
    )
    page = second.approve(page)
    promises.check(
        _state(scene) == "approved",
        _("%(who)s approves it, which the author could not") % {"who": second.who.pseudonym},
        f"{page.status} {_state(scene)}",
    )
    _release(scene, lead)


def _release(scene: Scene, lead: Volunteer) -> None:
    check_in = datetime.now(UTC) + CHECK_IN_AFTER
    page: Page = lead.release(lead.review(scene.plan_id), 1, check_in)
    scene.promises.check(
        page.status == 200 and _releases(scene) == 1,
        _("Step one, and step one alone, is sent with a check-in"),
        f"{page.status}, {_releases(scene)}",
    )


def _state(scene: Scene) -> str:
    return str(scene.database.value("SELECT state FROM plans_plan WHERE id = ?", scene.plan_id))


def _releases(scene: Scene) -> int:
    question = "SELECT count(*) FROM plans_release WHERE thread_id = ?"
    return int(scene.database.value(question, scene.applicant.thread_id))
