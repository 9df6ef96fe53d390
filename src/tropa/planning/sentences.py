"""Every sentence the planner can say, by code. Names in braces are the values of the reason.

English stands here; Russian in `locale`. A code that is used elsewhere and missing here fails a test.
"""

from __future__ import annotations

from typing import Final

from tropa.planning.plan import PlanTitle, StepKind


def gettext_noop(message: str) -> str:
    """Marks a message for translation where it stands."""
    return message


_ = gettext_noop

TITLES: Final = {
    PlanTitle.SAFEST: _("safest"),
    PlanTitle.FASTEST: _("fastest"),
    PlanTitle.CHEAPEST: _("cheapest"),
    PlanTitle.MOST_FALLBACKS: _("most fallbacks"),
    PlanTitle.DIFFERENT: _("another way"),
    PlanTitle.SPARE: _("spare, if the most dangerous border of the first plan closes"),
}

STEP_KINDS: Final = {
    StepKind.LEG: _("travel"),
    StepKind.OBTAIN: _("apply"),
    StepKind.WAIT: _("wait"),
    StepKind.PROTECTION: _("remain"),
}

JOURNEY: Final = _("from {origin} to {target}")
THERE: Final = _("in {place}")

OUTLOOK: Final = _(
    "with refusals counted: fails in {risk}; on average {days}, {euros}; at worst {worst_days}, {worst_euros}"
)

SENTENCES: Final = {
    # the time was over
    "cut_off_below": _(
        "The search was stopped before its end. No way with less danger than {risk} is missing; others may be."
    ),
    "cut_off_before": _(
        "The search was stopped before its end, before it found any way. This does not mean that there is none."
    ),
    "cut_off_unchecked": _(
        "There was no time to look at what follows a refusal everywhere: "
        "ways where that was not looked at are not shown."
    ),
    "cut_off_reasons": _(
        "All best ways are here; for the reasons and for what would change the choice there was no time."
    ),
    "cut_off_none": _(
        "No way leads to safety as the facts stand; to find out what closes them there was no time."
    ),
    "apart_cut_off_below": _(
        "The time was over before every plan of every group was found. "
        "What is missing here takes some group a way with a danger of {risk} or more."
    ),
    "apart_cut_off": _(
        "The time was over before every plan of every group was found: other choices, also better ones, may be missing."
    ),
    "policies_weighed": _(
        "With refusals there are too many plans to compare all of them exactly: "
        "for each way the ways on that fail least are shown."
    ),
    "policies_trimmed": _(
        "There are too many ways on after refusals to compare all of them: after second refusals and far-off "
        "decisions, or from the thirteenth way on, only the surest and the least dangerous were compared."
    ),
    # why a step
    "leg_towards": _("On the way: {place}."),
    "leg_enters": _("Entry is allowed on these papers: {country}."),
    "leg_to_haven": _("The end state is in this country: {country}."),
    "stay_allowed": _("Lawful stay from this entry: {days} ({country})."),
    "register_within": _("Registration of stay is due within {days} ({country})."),
    "obtain_opens": _("This paper opens the next part of the way: {paper}, {country}."),
    "obtain_wished": _("This paper was wished for: {paper}."),
    "haven_reached": _("End state: {haven}, {country}."),
    "wait_until": _("Nothing more is open before {date}."),
    "wait_until_open": _("Opens on {date}: {fact}."),
    "wait_departure": _("The next departure that can be taken: {date}, {clock}."),
    "wait_before_departure": _(
        "What leaves on {date} at {clock} ({place}) is waited for here and not there."
    ),
    "leg_departs": _("By timetable: {departures}. Taken here: {date}, {clock}."),
    "without_step": _(
        "Without this step the surest way ends elsewhere or otherwise ({country}): "
        "danger up to {risk} instead of {was}, {euros}, {days}."
    ),
    "without_step_none": _("Without this step there is no way at all."),
    # marks
    "judged_danger": _("The danger is a judgement, nobody has counted: {fact}."),
    "judged_fact": _("A judgement, not a count: {fact}."),
    "entry_day_unknown": _("The day of entry is not known, so only today counts as lawful stay: {country}."),
    "overstayed": _("The lawful stay has run out: {country}. Nothing that means waiting is planned there."),
    "contested": _("If the facts turn out better than feared, another of the best ways beats this one."),
    # fallbacks
    "no_fallback": _("No lawful way on is known from there."),
    "no_fallback_money": _("There is a way on, but {euros} more would be needed for it."),
    "fallback_not_planned": _(
        "A way on is known, but after this many refusals in a row ({refusals}) it must be planned anew."
    ),
    "leave_in_time": _(
        "Arrange the departure before the decision comes: how long one may stay after a refusal must be asked there."
    ),
    "plan_anew_then": _(
        "By then the facts will have changed: this way on must be planned anew before the decision comes."
    ),
    "unguarded": _(
        "If they refuse at step {steps}, no lawful way on is known: a person must look before this is chosen."
    ),
    "paper_without_fallback": _(
        "Not offered: if this paper is refused, no lawful way on is known: {paper} ({place})."
    ),
    "paper_without_fallback_money": _(
        "Not offered: if this paper is refused, {euros} more would be needed to go on: {paper} ({place})."
    ),
    "withheld_money": _("With {euros} more it can be planned with a way on."),
    "withheld_look": _("Somebody must look at this way before it is chosen."),
    # what closed actions
    "fact_overdue": _("Overdue for review, so it opens nothing: {fact}."),
    "fact_unverified": _("Never verified, so it opens nothing: {fact}."),
    "fact_over": _("No longer in force: {fact}."),
    "fact_stopped": _("Closed by an emergency stop ({scope}): {fact}."),
    "stop_in_force": _("An emergency stop is in force: {scope}."),
    "status_bars": _("Stopped at the exit: {status}."),
    "status_unknown": _("Not known, so taken as a bar at the exit: {status}."),
    "entry_closed": _("No rule of the atlas admits by this way: {country}."),
    "home_return": _("Going back is closed unless wished: {country}."),
    "wish_never": _("Left out by the wish “{wished}”."),
    "programme_closed": _("The programme is closed: {fact}."),
    "haven_rank": _("Weaker than the end state asked for: {haven}."),
    "danger_unknown": _("The danger is not known, so it is closed: {subject}, {scope}, {profile}."),
    "papers_out_of_reach": _("Asks for papers that are neither in hand nor to be had."),
    "relaxed": _("Without this, the surest way: {country}, danger up to {risk}, {days}, {euros}."),
    # why not a country
    "why_no_haven": _("The atlas knows no end state there: {country}."),
    "why_it_does": _("One of the plans ends there: {country}."),
    "why_beaten": _(
        "A way there exists ({country}: danger up to {risk}, {days}, {euros}), but others are better on all counts, "
        "such as {other}: danger up to {was}."
    ),
    "why_closed": _("No way leads there for this person today: {country}."),
    "why_nothing_opens": _("No single change the planner knows of would open one."),
    # what would change the choice
    "change_wish": _("Dropping the wish “{wished}”: danger up to {risk}, {days}, {euros} ({country})."),
    "change_status_known": _(
        "Finding out that no bar to leaving is recorded: danger up to {risk}, {days}, {euros} ({country})."
    ),
    "change_confirm": _("Confirming {facts}: danger up to {risk}, {days}, {euros} ({country})."),
    "change_haven": _("Accepting a weaker end state: danger up to {risk}, {days}, {euros} ({country})."),
    "change_money": _("With {euros}: danger up to {risk}, {days} ({country})."),
    "change_deadline": _("With a later deadline: danger up to {risk}, {days}, {euros} ({country})."),
    "change_paper": _("With one more paper ({paper}): danger up to {risk}, {days}, {euros} ({country})."),
    "from_money": _(
        "With {needed} in hand another way is surer: danger up to {risk} instead of {was}, {days} ({country})."
    ),
    "by_paper": _(
        "With one more paper in hand by {until} ({paper}): "
        "danger up to {risk} instead of {was}, {days}, {euros} ({country}). A day later it changes nothing."
    ),
    "to_deadline": _(
        "If leaving is still possible on {until}: danger up to {risk} instead of {was}, {days}, {euros} ({country})."
    ),
    "begin_by": _(
        "Begun by {until}, the surest way is still the surest. "
        "Begun a day later: danger up to {risk} instead of {was}, {days}, {euros} ({country})."
    ),
    "begin_by_none": _(
        "The surest way must be begun by {until}: a day later no way is left that the planner knows."
    ),
    # both ends of the facts
    "same_at_all_ends": _(
        "The choice is robust: whether the facts turn out at their better or at their worse end, no other way is surer "
        "than this one ({country})."
    ),
    "other_at_estimate": _(
        "If the facts turn out as estimated, another way is surer, danger and refusals taken together: "
        "{country}, danger {risk} instead of {was}. What decides: {facts}."
    ),
    "other_at_best": _(
        "If the facts turn out at their better end, another way is surer, danger and refusals taken together: "
        "{country}, danger {risk} instead of {was}. What decides: {facts}."
    ),
    # no plan
    "none_withheld": _("There are ways, but each of them stakes everything on a paper that may be refused."),
    "none_money": _("No plan within {euros}."),
    "none_wish": _("The wish “{wished}” closed the last way."),
    "none_status_known": _("Whether a bar to leaving is recorded is not known; this closed the last way."),
    "none_confirm": _("Facts that nobody has confirmed in time closed the last way."),
    "none_haven": _("No way leads to an end state as strong as asked for."),
    "none_deadline": _("No way is fast enough for the deadline."),
    "none_paper": _("A paper is missing: {paper}."),
    "none_bars": _("Leaving is barred: {statuses}."),
    "none_wishes": _("The wishes together closed the last way."),
    "none_together": _("No single constraint closed the last way; several did together."),
    "none_known": _("The atlas knows no way to safety from here: {place}."),
    "open_money": _("The cheapest plan costs {needed}: {country}, danger up to {risk}, {days}."),
    "open_wish": _(
        "Dropping the wish “{wished}” opens a way: {country}, danger up to {risk}, {days}, {euros}."
    ),
    "open_status_known": _(
        "If it is found that no bar is recorded, a way opens: {country}, danger up to {risk}, {days}, {euros}."
    ),
    "open_confirm": _("Confirming {facts} opens a way: {country}, danger up to {risk}, {days}, {euros}."),
    "open_haven": _("A weaker end state can be reached: {country}, danger up to {risk}, {days}, {euros}."),
    "open_deadline": _("A later deadline opens a way: {country}, danger up to {risk}, {days}, {euros}."),
    "open_paper": _(
        "With one more paper ({paper}) a way opens: {country}, danger up to {risk}, {days}, {euros}."
    ),
    "open_bars": _(
        "If the bar is lifted or turns out not to hold, a way opens: {country}, danger up to {risk}, {days}, {euros}."
    ),
    "open_together": _(
        "With all of it relaxed there is a way: {country}, danger up to {risk}, {days}, {euros}."
    ),
}

WISHES: Final = {
    ("never", "country"): _("not through this country: {about}"),
    ("never", "leg"): _("not this way: {about}"),
    ("never", "mode"): _("not by this means: {about}"),
    ("never", "paper"): _("not with this paper: {about}"),
    ("never", "office"): _("not to this office: {about}"),
    ("pin", "country"): _("through this country: {about}"),
    ("pin", "leg"): _("this way: {about}"),
    ("pin", "mode"): _("by this means: {about}"),
    ("pin", "paper"): _("with this paper: {about}"),
    ("pin", "office"): _("with this office: {about}"),
}
"""What somebody wished, by verdict and kind."""

RELATIONS: Final = {
    "wife": _("wife"),
    "husband": _("husband"),
    "partner": _("partner"),
    "child": _("child"),
    "son": _("son"),
    "daughter": _("daughter"),
    "mother": _("mother"),
    "father": _("father"),
    "brother": _("brother"),
    "sister": _("sister"),
    "friend": _("friend"),
}
"""Who a companion is, as files of persons most often say it."""

NAMES: Final = {
    "visa_free_stay": _("visitor's stay"),
    "temporary": _("temporary stay"),
    "residence": _("residence"),
    "asylum": _("asylum"),
    "exit_ban": _("exit ban"),
    "summons_in_register": _("summons in the register"),
    "case": _("criminal case"),
    "convicted": _("conviction"),
    "wanted": _("wanted notice"),
    "debt_or_court": _("debt or court order"),
    "bankrupt": _("bankruptcy"),
    "state_secrets": _("access to state secrets"),
    "security_service": _("service in the FSB"),
    "serving": _("military service"),
    "air": _("plane"),
    "road": _("road"),
    "rail": _("train"),
    "river": _("boat"),
    "foot": _("on foot"),
    "domestic": _("travel inside the country"),
    "home_state": _("an office of one's own state"),
    "home_consulate": _("a consulate of one's own state"),
    "receiving_embassy": _("the embassy of the receiving state"),
    "insurer": _("an insurer"),
    "exit_check": _("check at the exit"),
    "entry_check": _("check at the entry"),
    "leg": _("the way"),
    "day_of_stay": _("a day of stay"),
    "office": _("an office"),
    "residual": _("afterwards"),
    "no_summons": _("no summons"),
    "summoned": _("summoned"),
    "mobilised": _("mobilised"),
    "absent": _("absent from the unit"),
    "charged": _("charged or wanted"),
}

SURE: Final = _("Chance that nobody refuses on that way: {sure}.")
SURE_INSTEAD: Final = _("Chance that nobody refuses on that way: {sure} instead of {sure_was}.")
"""Said after whatever names a way on which somebody may refuse."""

RISK_INSTEAD: Final = _("danger up to {risk} instead of {was}")
RISK_ALIKE: Final = _("danger up to {risk} as well")
RISK_THERE_INSTEAD: Final = _("danger {risk} instead of {was}")
RISK_THERE_ALIKE: Final = _("danger {risk} as well")
"""What a sentence says of dangers that differ, and what it says where their figures read the same."""

NO_MORE_EUROS: Final = _("the same money")
NO_MORE_DAYS: Final = _("the same time")

DEPARTURES: Final = {
    "mon": _("Mondays at {clock}"),
    "tue": _("Tuesdays at {clock}"),
    "wed": _("Wednesdays at {clock}"),
    "thu": _("Thursdays at {clock}"),
    "fri": _("Fridays at {clock}"),
    "sat": _("Saturdays at {clock}"),
    "sun": _("Sundays at {clock}"),
}

CONFIDENCE: Final = {
    "sourced": _("with a source"),
    "background-high": _("general knowledge, sure"),
    "background-med": _("general knowledge, fairly sure"),
    "background-low": _("general knowledge, not sure"),
    "unknown": _("nobody knows how sure"),
    "judgement": _("a judgement"),
}

TEAMS: Final = _("Can be confirmed by: {teams}.")
TEAM: Final = _("the “{name}” team")

OWNERS: Final = {
    "asylum": _("asylum"),
    "atlas": _("the atlas"),
    "borders": _("borders"),
    "incidents": _("incidents"),
    "law": _("law"),
    "papers": _("papers"),
    "places": _("places"),
    "settling": _("settling in"),
    "treaties": _("treaties"),
    "visas": _("visas"),
}
"""The teams that keep facts, by the names packs use; a team a pack names otherwise is called what the pack calls it."""
