"""The closed lists of words facts are written with; stored words never change their meaning, new ones are
appended.
"""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """The kind of a fact; it decides the shape of the value and which effects are possible."""

    COUNTRY = "country"
    PLACE = "place"
    LIVING = "living"
    PAPER = "paper"
    LEG = "leg"
    EXIT_CHECK = "exit_check"
    ENTRY_RULE = "entry_rule"
    STAY_RULE = "stay_rule"
    PAPER_REFUSAL = "paper_refusal"
    OBTAIN = "obtain"
    PROTECTION = "protection"
    HAZARD = "hazard"
    INCIDENT = "incident"
    CLOCK = "clock"
    PROVISION = "provision"
    GAP = "gap"
    STOP = "stop"
    CROSSING = "crossing"
    DECISIONS = "decisions"
    ENTRY_CHECK = "entry_check"
    CONTACT = "contact"
    TREATY = "treaty"
    EXTRADITION = "extradition"
    FIGURE = "figure"
    SETTLING = "settling"


class Answer(StrEnum):
    """A question of yes or no where not knowing is an answer."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class ProfileClass(StrEnum):
    """How far the state has come with a person; hazards are stated for each class apart."""

    NO_SUMMONS = "no_summons"
    SUMMONED = "summoned"  # a summons to conscription or to a check of data, not appeared yet
    MOBILISED = "mobilised"  # mobilised, serving or under contract, not absent yet
    ABSENT = "absent"  # absent from the unit, no known case
    CHARGED = "charged"  # criminal case or wanted


class Status(StrEnum):
    """What bars a person from leaving Russia. Several may hold at once; `ProfileClass` does not imply any of
    them.
    """

    EXIT_BAN = "exit_ban"  # the person was told of a limit on leaving
    SUMMONS_IN_REGISTER = "summons_in_register"
    CASE = "case"  # accused or under investigation
    CONVICTED = "convicted"
    WANTED = "wanted"
    DEBT_OR_COURT = "debt_or_court"
    BANKRUPT = "bankrupt"
    STATE_SECRETS = "state_secrets"
    SECURITY_SERVICE = "security_service"  # serves in the FSB, or left it within five years
    SERVING = "serving"  # conscript or mobilised or under contract


class PlaceKind(StrEnum):
    """What a place is. A post is the Russian side of a crossing: one passes it, one does not live there."""

    CITY = "city"
    AIRPORT = "airport"
    POST = "post"


class Mode(StrEnum):
    """How a leg is travelled. Domestic: train, coach or plane inside one country, carrier left open."""

    AIR = "air"
    ROAD = "road"
    RAIL = "rail"
    RIVER = "river"
    FOOT = "foot"
    DOMESTIC = "domestic"


class Carrier(StrEnum):
    """Who takes a person along on a leg."""

    AIRLINE = "airline"
    TRAIN = "train"
    COACH = "coach"
    MINIBUS = "minibus"
    FERRY = "ferry"
    TAXI = "taxi"
    NOBODY = "nobody"  # on foot, or in a car of one's own


class CrossingStatus(StrEnum):
    """Whether ordinary travellers may use a border post."""

    OPEN = "open"
    RESTRICTED = "restricted"
    CLOSED = "closed"


class WantedList(StrEnum):
    """What a check looks into."""

    LOCAL = "local"
    FEDERAL = "federal"
    INTERSTATE = "interstate"  # of the Commonwealth of Independent States
    INTERPOL = "interpol"
    EXIT_BANS = "exit_bans"
    SUMMONSES = "summonses"  # the register of summonses


class ContactKind(StrEnum):
    """What a partner organisation is asked for."""

    LEGAL_AID = "legal_aid"
    SHELTER = "shelter"
    MEDICAL = "medical"
    PSYCHOLOGICAL = "psychological"
    SETTLING = "settling"
    EVACUATION = "evacuation"
    MEDIA = "media"


class TreatyKind(StrEnum):
    """Treaties between states that a refused person can lean on."""

    REFUGEE_CONVENTION = "refugee_convention"  # 1951
    REFUGEE_PROTOCOL = "refugee_protocol"  # 1967
    STATELESSNESS = "statelessness"  # 1954
    CIVIL_POLITICAL = "civil_political"  # the Covenant of 1966
    AGAINST_TORTURE = "against_torture"  # 1984


class TreatyStatus(StrEnum):
    """How a state stands to a treaty. A signature alone binds nobody."""

    PARTY = "party"
    SIGNED = "signed"
    LEFT = "left"


class ExtraditionPractice(StrEnum):
    """What is known of people whom Russia asked for; a few known cases are no rule."""

    HANDED_OVER = "handed_over"  # somebody was extradited, and nobody is known to have been refused
    REFUSED = "refused"  # a request was refused, and nobody is known to have been extradited
    BOTH = "both"
    NO_CASE_KNOWN = "no_case_known"


class FigureKind(StrEnum):
    """What was counted by whoever published the figure."""

    PROSECUTION = "prosecution"
    WANTED = "wanted"
    REQUESTS = "requests"
    ADVISED = "advised"
    HELPED = "helped"
    CAPACITY = "capacity"
    PROTECTION = "protection"
    EXODUS = "exodus"
    ASYLUM = "asylum"
    DEPORTED = "deported"


class FigureUnit(StrEnum):
    """What one of a figure is."""

    CASES = "cases"
    SENTENCES = "sentences"
    PEOPLE = "people"
    REQUESTS = "requests"
    REQUESTS_A_DAY = "requests_a_day"
    REQUESTS_A_MONTH = "requests_a_month"


class SettlingTopic(StrEnum):
    """What a remark on life after arrival is about."""

    QUALIFICATION = "qualification"
    PAPERS_BEFORE = "papers_before"
    SERVICES = "services"
    LATER = "later"
    COMING_BACK = "coming_back"


class StayKind(StrEnum):
    """How a legal stay is counted."""

    PER_VISIT = "per_visit"  # `days` from entry
    SLIDING = "sliding"  # `days` in any `window` days, both end days counted
    CALENDAR_YEAR = "calendar_year"  # `days` within 1 January to 31 December
    NOT_LIMITED = "not_limited"  # a source says that no limit applies
    NOT_RECORDED = "not_recorded"  # no source gives a limit: the planner treats no stay as long


class Office(StrEnum):
    """Who decides on an application; some people must never stand before an office of their own state."""

    HOME_STATE = "home_state"
    HOME_CONSULATE = "home_consulate"
    RECEIVING_EMBASSY = "receiving_embassy"
    INSURER = "insurer"


class ProtectionKind(StrEnum):
    """The end states, in rising rank."""

    VISA_FREE_STAY = "visa_free_stay"
    TEMPORARY = "temporary"
    RESIDENCE = "residence"
    ASYLUM = "asylum"

    @property
    def rank(self) -> int:
        """1 (weakest) to 4."""
        return list(ProtectionKind).index(self) + 1


class HazardSubject(StrEnum):
    """What the chance belongs to: one crossing, one day, one office visit, or two years in an end state."""

    EXIT_CHECK = "exit_check"
    ENTRY_CHECK = "entry_check"
    LEG = "leg"
    DAY_OF_STAY = "day_of_stay"
    OFFICE = "office"
    RESIDUAL = "residual"


class IncidentKind(StrEnum):
    """What happened to a person, or to a rule."""

    DETAINED_RELEASED = "detained_released"
    ABDUCTED = "abducted"
    DEPORTED = "deported"
    EXTRADITED = "extradited"
    EXTRADITION_REFUSED = "extradition_refused"
    PROTECTION_GRANTED = "protection_granted"
    PROTECTION_REFUSED = "protection_refused"
    PROGRAMME_OPENED = "programme_opened"
    PROGRAMME_CLOSED = "programme_closed"
    RULE_CHANGED = "rule_changed"


class DayKind(StrEnum):
    """How the days of a clock are counted; `disputed` where sources conflict."""

    CALENDAR = "calendar"
    WORKING = "working"
    DISPUTED = "disputed"


class ChargeCategory(StrEnum):
    """What kind of offence: purely military ones are handled apart by extradition law and by Interpol."""

    ADMINISTRATIVE = "administrative"
    ORDINARY = "ordinary"
    MILITARY = "military"
    TERROR_TREASON = "terror_treason"
    EXIT_LIMIT = "exit_limit"
