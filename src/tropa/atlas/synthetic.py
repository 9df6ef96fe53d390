"""Invented worlds of any size as the text of a pack: for the bench, for tests of speed, for nothing else.

Kept true: the same plan of a world gives the same bytes, on every machine; the text is a whole pack and passes every
check a real one passes; nothing in it is a claim about a real country (the codes are drawn, the names are numbers).
Only the home country keeps the code people of the planner are citizens of.

How a world is drawn: countries are points on a map, places lie around them. Legs are domestic (each place with the
first of its country and with its neighbour), over land (the nearest countries; from the home country through posts)
and by air (first places, more often to near and to large countries) until the number asked for is reached. Hours and
prices grow with the distance. A tenth of the countries share one zone with one visa and 90 days in any 180; the others
ask for a passport, for a visa of one of several regimes, or let nobody in. Papers can be had at home and in a few
countries each. Dangers are stated for each class of people and grow with how far the state has come with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from tropa.atlas.dice import Dice
from tropa.atlas.synthetic_map import (
    FEWEST_PAPERS,
    HOME,
    KILOMETRES_A_DEGREE,
    Land,
    Spot,
    WorldMap,
    WorldPlan,
    degrees_between,
)
from tropa.atlas.terms import Kind, ProfileClass, Status

__all__ = ["HOME", "WorldPlan", "synthetic_pack"]

PUBLISHED: Final = date(2026, 11, 22)
REVIEW_BY: Final = date(2029, 11, 22)
ZONE: Final = "ZONE"
PASSPORTS: Final = ("internal", "fp5", "fp10")
OTHER_PAPERS: Final = ("insurance", "certificate")
DANGER_OF: Final[dict[ProfileClass, float]] = {
    ProfileClass.NO_SUMMONS: 1,
    ProfileClass.SUMMONED: 2,
    ProfileClass.MOBILISED: 5,
    ProfileClass.ABSENT: 12,
    ProfileClass.CHARGED: 25,
}

Record = dict[str, Any]


def synthetic_pack(plan: WorldPlan | None = None) -> Mapping[str, bytes]:
    """The files of the pack by name, as `load_files` takes them."""
    return _Drawing(plan or WorldPlan()).files()


class _Drawing:
    def __init__(self, plan: WorldPlan) -> None:
        self.plan = plan
        self.dice = Dice(plan.seed)
        self.visas = tuple(f"visa-{n}" for n in range(1, plan.papers - FEWEST_PAPERS + 2))
        self.map = WorldMap(plan, self.visas, self.dice)
        self.lands = self.map.lands

    def files(self) -> Mapping[str, bytes]:
        meta = {
            "name": _named("Invented world", "Выдуманный мир", self.plan.seed),
            "format": 1,
            "version": f"synthetic-{self.plan.seed}",
            "published": PUBLISHED.isoformat(),
            "review": "reviewed",
            "synthetic": True,
        }
        title = {"en": "Drawn by dice", "ru": "Брошены кости"}
        source = {"id": "invented", "title": title, "url": "none", "dated": "unknown"}
        texts = {"pack.yaml": "".join(_lines(meta, "")), "sources.yaml": _listing("sources:\n", [source])}
        kinds: dict[Kind, Iterator[Record]] = {
            Kind.COUNTRY: self._countries(),
            Kind.PLACE: self._places(),
            Kind.PAPER: self._papers(),
            Kind.LIVING: self._living(),
            Kind.LEG: self._legs(),
            Kind.EXIT_CHECK: self._exit_checks(),
            Kind.ENTRY_RULE: self._entry_rules(),
            Kind.STAY_RULE: self._stay_rules(),
            Kind.PAPER_REFUSAL: self._refusals(),
            Kind.OBTAIN: self._obtains(),
            Kind.PROTECTION: self._protections(),
        }
        records = {kind: list(found) for kind, found in kinds.items()}
        records[Kind.HAZARD] = list(self._hazards(records))
        for kind, found in records.items():
            texts[f"{kind.replace('_', '-')}.yaml"] = _listing(f"kind: {kind.value}\nfacts:\n", found)
        return {name: text.encode() for name, text in texts.items()}

    def _countries(self) -> Iterator[Record]:
        for land in self.lands:
            yield {
                "id": land.code,
                "iso2": land.code,
                "name": _named("Country", "Страна", land.number),
                "shares_wanted_lists": "yes" if self.dice.random() < 0.1 else "no",
                "refugee_convention": "yes",
                "echr_party": "unknown",
                "blocs": [],
                "extradition": {"en": "Invented", "ru": "Выдумано"},
                "zone": ZONE if land.in_zone else land.code,
                **_envelope(),
            }

    def _places(self) -> Iterator[Record]:
        for spot in self.map.spots:
            number = f"{spot.land.number}-{spot.id.rpartition('-')[2]}"
            yield {
                "id": spot.id,
                "country": spot.land.code,
                "name": _named("Post", "Пост", number) if spot.is_post else _named("Town", "Город", number),
                "latitude": spot.latitude,
                "longitude": spot.longitude,
                "what": "post" if spot.is_post else "city",
                "is_start": not spot.is_post,
                **_envelope(),
            }

    def _papers(self) -> Iterator[Record]:
        for number, paper in enumerate((*PASSPORTS, *OTHER_PAPERS, *self.visas)):
            yield {
                "id": paper,
                "name": _named("Paper", "Документ", number),
                "travel_document": paper in PASSPORTS,
                **_envelope(),
            }

    def _living(self) -> Iterator[Record]:
        for land in self.lands:
            point = self.dice.choice([12, 18, 25, 35, 55])
            yield {
                "id": f"living-{land.code}",
                "country": land.code,
                "euros_per_day": [point - 4, point, point * 2],
                **_envelope(),
            }

    def _legs(self) -> Iterator[Record]:
        made: set[tuple[str, str]] = set()
        for origin, target, mode in self.map.pairs():
            if len(made) == self.plan.legs:
                return
            if origin is not target and (origin.id, target.id) not in made:
                made.add((origin.id, target.id))
                yield self._leg(origin, target, mode)

    def _leg(self, origin: Spot, target: Spot, mode: str) -> Record:
        kilometres = KILOMETRES_A_DEGREE * degrees_between(origin, target)
        air = mode == "air"
        hours = round(2 + kilometres / 750 if air else 1 + kilometres / 60, 1)
        euros = round(40 + kilometres * 0.07 if air else 5 + kilometres * 0.06)
        wait = self.dice.choice([0, 0, 1, 1, 2, 3]) if air else self.dice.choice([0, 0, 0, 1])
        return {
            "id": f"{mode}-{origin.id}-{target.id}",
            "from": origin.id,
            "to": target.id,
            "mode": mode,
            "hours": [hours, round(hours * 1.3, 1), round(hours * 2, 1)],
            "euros": [euros, round(euros * 1.5), euros * 2],
            "wait_days": [0, wait, wait + 1 if wait else 0],
            "crosses_border": origin.land is not target.land,
            **_envelope(),
        }

    def _exit_checks(self) -> Iterator[Record]:
        yield {
            "id": f"exit-{HOME}",
            "country": HOME,
            "stops": [status.value for status in Status],
            **_envelope(),
        }

    def _entry_rules(self) -> Iterator[Record]:
        for land in self.lands[1:]:
            passports = [["fp5"], ["fp10"]] if land.number % 3 else [["fp10"]]
            if not land.visa and land.number % 7 == 0:
                passports = [["internal"], *passports]
            asked = [[*one, land.visa] for one in passports] if land.visa else passports
            if land.visa and land.number % 5 == 0:
                asked = [[*one, "insurance"] for one in asked]
            record = {
                "id": f"entry-{land.code}",
                "country": land.code,
                "citizenship": HOME,
                "papers": asked,
                **_envelope(),
            }
            if land.closed:
                record["effect"] = "prohibition"
            else:
                record["passport_days"] = self.dice.choice([0, 0, 90, 180])
                if self.dice.random() < 0.3:
                    record["turned_back"] = [0.002, 0.01, 0.03]
            yield record

    def _stay_rules(self) -> Iterator[Record]:
        for land in self.lands[1:]:
            counts = (
                "sliding"
                if land.in_zone
                else self.dice.choices(["per_visit", "sliding", "calendar_year"], weights=[7, 2, 1])[0]
            )
            record = {
                "id": f"stay-{land.code}",
                "country": land.code,
                "counts": counts,
                "days": 90 if counts == "sliding" else self.dice.choice([30, 60, 90, 180]),
                **_envelope(),
            }
            if counts == "sliding":
                record["window"] = 180
            yield record

    def _refusals(self) -> Iterator[Record]:
        for land in self.lands[1:]:
            if land.number % 11 == 0:
                yield {"id": f"refuses-{land.code}", "country": land.code, "paper": "fp5", **_envelope()}

    def _obtains(self) -> Iterator[Record]:
        for paper in ("fp5", "fp10"):
            yield self._obtain(f"{paper}-home", paper, [HOME], "home_state", [["internal"]], [10, 30, 60])
            abroad = [land.code for land in self.dice.sample(self.lands[1:], self._share(0.3))]
            yield self._obtain(f"{paper}-away", paper, abroad, "home_consulate", [["internal"]], [20, 60, 90])
        everywhere = [land.code for land in self.lands]
        yield self._obtain("insurance-1", "insurance", everywhere, "insurer", [[]], [0, 0, 1])
        some = [land.code for land in self.dice.sample(self.lands, self._share(0.2))]
        yield self._obtain(
            "certificate-1", "certificate", some, "receiving_embassy", [["fp5"], ["fp10"]], [5, 20, 40]
        )
        for visa in self.visas:
            places = [HOME, *(land.code for land in self.dice.sample(self.lands[1:], self._share(0.06)))]
            days = self.dice.choice([[5, 10, 20], [10, 20, 45], [2, 4, 9]])
            asked = [["fp10"], ["fp5", "certificate"]] if visa == self.visas[-1] else [["fp5"], ["fp10"]]
            yield self._obtain(f"{visa}-1", visa, places, "receiving_embassy", asked, days)

    def _share(self, share: float) -> int:
        return max(1, min(self.plan.countries - 1, round(share * self.plan.countries)))

    def _obtain(
        self, id_: str, paper: str, places: list[str], office: str, asked: list[list[str]], days: list[int]
    ) -> Record:
        euros = self.dice.choice([20, 40, 90, 160])
        record: Record = {
            "id": id_,
            "paper": paper,
            "countries": sorted(set(places)),
            "office": office,
            "requires": asked,
            "needs_no_exit_ban": office == "home_state",
            "days": days,
            "euros": [euros - 10, euros, euros + 40],
            **_envelope(),
        }
        if office != "insurer":
            refusal = self.dice.choice([0.02, 0.1, 0.3])
            record["refusal"] = [refusal / 2, refusal, min(0.9, refusal * 2)]
        return record

    def _protections(self) -> Iterator[Record]:
        for land in self.lands[1:]:
            offers: tuple[tuple[str, float, list[list[str]]], ...] = (
                ("asylum", 0.5, [[]]),
                ("residence", 0.3, [["fp10"], ["fp5", "certificate"]]),
                ("temporary", 0.1, [[]]),
                ("visa_free_stay", 0.4, [["fp5"], ["fp10"], ["internal"]]),
            )
            for what, chance, needs in offers:
                if self.dice.random() < chance:
                    yield self._protection(land, what, needs)

    def _protection(self, land: Land, what: str, needs: list[list[str]]) -> Record:
        days = {"asylum": [90, 300, 600], "residence": [20, 60, 120]}.get(what, [5, 20, 30])
        record: Record = {
            "id": f"{what.replace('_', '-')}-{land.code}",
            "country": land.code,
            "what": what,
            "needs": needs,
            "days": days,
            "euros": self.dice.choice([[0, 100, 300], [50, 200, 600], [100, 400, 900]]),
            **_envelope(),
        }
        if what != "visa_free_stay":
            share = self.dice.choice([0.2, 0.4, 0.7, 0.9])
            record["share_positive"] = [share - 0.15, share, share + 0.05]
        return record

    def _hazards(self, records: Mapping[Kind, list[Record]]) -> Iterator[Record]:
        for land in self.lands:
            home = land.number == 0
            tame = self.dice.choice([0.2, 1.0, 1.0, 3.0])
            for subject, chance in (
                ("exit_check", 0.004 if home else 0.0004 * tame),
                ("entry_check", 0.0005 * tame),
                ("day_of_stay", 0.0004 if home else 0.00004 * tame),
                ("leg", 0.0005 if home else 0.0001 * tame),
            ):
                yield from self._hazard(subject, land.code, chance)
        for record in records[Kind.OBTAIN]:
            own = record["office"] in ("home_state", "home_consulate")
            yield from self._hazard("office", record["id"], 0.004 if own else 0.0002)
        for record in records[Kind.PROTECTION]:
            weak = record["what"] == "visa_free_stay"
            yield from self._hazard(
                "residual", record["id"], self.dice.choice([1, 2, 5]) * (0.006 if weak else 0.001)
            )

    def _hazard(self, subject: str, scope: str, chance: float) -> Iterator[Record]:
        for profile, times in DANGER_OF.items():
            point = round(min(0.5, chance * times), 7)
            yield {
                "id": f"danger-{subject.replace('_', '-')}-{scope}-{profile.value.replace('_', '-')}",
                "subject": subject,
                "scope": scope,
                "classes": [profile.value],
                "chance": [round(point / 3, 7), point, round(min(0.8, point * 4), 7)],
                **_envelope(),
                "confidence": "judgement",
            }


def _named(en: str, ru: str, number: object) -> dict[str, str]:
    return {"en": f"{en} {number}", "ru": f"{ru} {number}"}


def _envelope() -> Record:
    return {
        "sources": ["invented"],
        "as_of": "2026-11-01",
        "review_by": REVIEW_BY.isoformat(),
        "owner": "nobody",
        "confidence": "sourced",
    }


def _listing(head: str, records: Iterable[Record]) -> str:
    """A list of records in the notation of a pack. Written here because the general writer takes seconds for a world;
    every text of an invented world is plain."""
    parts = [head]
    for record in records:
        lines = list(_lines(record, "    "))
        parts += ["  - ", lines[0].lstrip(), *lines[1:], "\n"]
    return "".join(parts)


def _lines(record: Record, margin: str) -> Iterator[str]:
    for key, value in record.items():
        yield f"{margin}{key}: {_flow(value)}\n"


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(member)}" for key, member in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, float):
        return f"{value:.7f}".rstrip("0").rstrip(".")
    return str(value).lower() if isinstance(value, bool) else str(value)
