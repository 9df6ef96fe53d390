"""Whatever people take, grant, revoke and leave, in any order: somebody can open every case, and nobody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.desk.world import ROOT, Person, World, build_world, join
from tropa.desk.cases.models import Case
from tropa.desk.staff.errors import NotCoordinator, NotOneself
from tropa.desk.staff.joining import Certifier
from tropa.desk.staff.leaving import leave
from tropa.desk.staff.models import Member, Role
from tropa.desk.staff.tending import tend
from tropa.desk.talk.errors import AlreadyTaken
from tropa.desk.talk.services import take
from tropa.desk.vault.errors import VaultError
from tropa.desk.vault.models import CaseGrant
from tropa.desk.vault.services import (
    ask_together,
    grant_case,
    held_case_ids,
    lasting_holders,
    open_case_seed,
    open_together,
    revoke_case,
)
from tropa.desk.vault.standby import on_standby
from tropa.envelope import EnvelopeError

WHO = st.sampled_from(["anna", "dina", "boris", "vera", "galina"])
WHICH = st.integers(0, 3)


class Desk(RuleBasedStateMachine):
    """Five people, two of them coordinators, and what they do with cases in random order."""

    @initialize()
    def open_the_desk(self) -> None:
        Member.objects.all()
        self.now = datetime.now(UTC)
        self.world: World = build_world(self.now)
        team, anna = self.world.anna.member.team, self.world.anna
        self.people: dict[str, Person] = {
            name: getattr(self.world, name) for name in ("anna", "boris", "vera")
        }
        self.people["dina"] = join("Дина", Role.COORDINATOR, team, Certifier(ROOT.signing()), now=self.now)
        by_anna = Certifier(anna.seed.signing(), anna.member)
        self.people["galina"] = join("Галина", Role.ADVISER, team, by_anna, now=self.now)
        self.cases: list[Case] = []
        self.gone: set[str] = set()

    def works(self, who: str) -> bool:
        return who not in self.gone

    def case(self, which: int) -> Case | None:
        return self.cases[which % len(self.cases)] if self.cases else None

    @rule(who=WHO)
    def somebody_takes(self, who: str) -> None:
        if not self.works(who) or len(self.cases) > 3:
            return
        try:
            self.cases.append(
                take(reader=self.people[who].reader(self.now), thread=self.world.write_in(at=self.now).thread)
            )
        except (VaultError, AlreadyTaken):
            return

    @rule(who=WHO, to=WHO, which=WHICH, ends=st.sampled_from([None, 0, 2]), history=st.booleans())
    def somebody_grants(self, who: str, to: str, which: int, ends: int | None, history: bool) -> None:
        case = self.case(which)
        if case is None or not self.works(who) or not self.works(to):
            return
        last = None if ends is None else self.now.date() + timedelta(days=ends)
        try:
            grant_case(
                reader=self.people[who].reader(self.now),
                case=case,
                member=self.people[to].member,
                ends_day=last,
                history=history,
            )
        except VaultError:
            return

    @rule(who=WHO, whom=WHO, which=WHICH)
    def somebody_revokes(self, who: str, whom: str, which: int) -> None:
        case = self.case(which)
        if case is None or not self.works(who):
            return
        try:
            revoke_case(reader=self.people[who].reader(self.now), case=case, member=self.people[whom].member)
        except VaultError:
            return
        with pytest.raises(VaultError):
            open_case_seed(reader=self.people[whom].reader(self.now), case=case)

    @rule(by=st.sampled_from(["anna", "dina"]), who=st.sampled_from(["boris", "vera", "galina"]))
    def somebody_leaves(self, by: str, who: str) -> None:
        if not self.works(who) or len(self.gone) > 1:
            return
        try:
            leave(reader=self.people[by].reader(self.now), member=self.people[who].member)
        except (NotCoordinator, NotOneself):
            return
        self.gone.add(who)

    @rule(who=WHO)
    def somebody_unlocks(self, who: str) -> None:
        if self.works(who):
            tend(reader=self.people[who].reader(self.now))

    @rule(which=WHICH)
    def two_coordinators_open_one(self, which: int) -> None:
        case = self.case(which)
        if case is None:
            return
        act = ask_together(reader=self.people["anna"].reader(self.now), case=case, reason="проверка")
        open_together(reader=self.people["dina"].reader(self.now), act_id=act.pk)

    @rule(days=st.integers(1, 3))
    def days_pass(self, days: int) -> None:
        self.now += timedelta(days=days)

    @invariant()
    def every_case_is_opened_by_somebody(self) -> None:
        for case in getattr(self, "cases", []):
            if lasting_holders(case, self.now.date()):
                assert any(self.opens(who, case) for who in self.people if self.works(who))
            else:
                assert case.pk in on_standby([case.pk])

    @invariant()
    def who_left_opens_nothing_and_is_granted_nothing(self) -> None:
        for who in getattr(self, "gone", ()):
            member = self.people[who].member
            assert not CaseGrant.objects.filter(member=member).exists()

    @invariant()
    def nobody_opens_what_is_not_listed_as_theirs(self) -> None:
        for case in getattr(self, "cases", []):
            for who in self.people:
                listed = (
                    held_case_ids(reader=self.people[who].reader(self.now)).filter(key__case=case).exists()
                )
                assert self.opens(who, case) == listed

    def opens(self, who: str, case: Case) -> bool:
        try:
            open_case_seed(reader=self.people[who].reader(self.now), case=case)
        except (VaultError, EnvelopeError):
            return False
        return True


def test_no_case_is_ever_lost(transactional_db: None) -> None:
    from django.core.management import call_command

    class Fresh(Desk):
        def teardown(self) -> None:
            call_command("flush", verbosity=0, interactive=False)

    run_state_machine_as_test(
        Fresh,
        settings=settings(
            max_examples=8,
            stateful_step_count=14,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
