"""What was measured, beside what was promised: a table for people, JSON for programs."""

from __future__ import annotations

import json
import platform
import subprocess
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, slots=True)
class Measure:
    """One number. `most` and `least` are the promise, where there is one; without, it stands beside another."""

    room: str
    what: str
    value: float
    unit: str
    most: float | None = None
    least: float | None = None

    @property
    def kept(self) -> bool | None:
        """Whether the promise holds; None where nothing was promised."""
        if self.most is None and self.least is None:
            return None
        return (self.most is None or self.value <= self.most) and (
            self.least is None or self.value >= self.least
        )

    @property
    def promise(self) -> str:
        """The bound in words."""
        parts = [f"≤ {figure(self.most)}"] if self.most is not None else []
        parts += [f"≥ {figure(self.least)}"] if self.least is not None else []
        return ", ".join(parts)


@dataclass(slots=True)
class Results:
    """Every measure so far; each is printed as it comes."""

    say: Callable[[str], None] = print
    measures: list[Measure] = field(default_factory=list)

    def add(
        self,
        room: str,
        what: str,
        value: float,
        unit: str,
        *,
        most: float | None = None,
        least: float | None = None,
    ) -> None:
        """Note a measure and print it."""
        measure = Measure(room, what, value, unit, most, least)
        self.measures.append(measure)
        self.say(line(measure))

    @property
    def broken(self) -> list[Measure]:
        """Those that do not keep their promise."""
        return [measure for measure in self.measures if measure.kept is False]


def line(measure: Measure) -> str:
    """One line of the table on a terminal."""
    mark = {True: "ok  ", False: "OVER", None: "    "}[measure.kept]
    said = f"{measure.room:<8} {measure.what:<74} {figure(measure.value):>10} {measure.unit:<6}"
    return f"{mark} {said} {measure.promise}".rstrip()


def figure(value: float | None) -> str:
    """A number as short as it is honest."""
    if value is None:
        return ""
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"


def machine() -> dict[str, str]:
    """What the numbers were measured on."""
    model = "unknown processor"
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [
            text.partition(":")[2].strip()
            for text in info.read_text().splitlines()
            if text.startswith("model name")
        ]
        model = f"{len(names)} x {names[0]}" if names else model
    revision = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    return {
        "processor": model,
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "revision": revision or "unknown",
        "day": datetime.now(UTC).date().isoformat(),
    }


def write_json(results: Results, path: Path) -> None:
    """The measures with their promises and the machine."""
    path.parent.mkdir(parents=True, exist_ok=True)
    told = {
        "machine": machine(),
        "measures": [asdict(measure) | {"kept": measure.kept} for measure in results.measures],
    }
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def markdown(path: Path) -> str:
    """The table of a JSON file, as the page in `docs/` shows it."""
    told = json.loads(path.read_text(encoding="utf-8"))
    lines = ["| | what | measured | promised |", "|---|---|---:|---:|"]
    for entry in told["measures"]:
        kept = entry.pop("kept")
        measure = Measure(**entry)
        value = f"{figure(measure.value)} {measure.unit}".strip()
        value = f"**{value}** (missed)" if kept is False else value
        lines.append(f"| {measure.room} | {measure.what} | {value} | {measure.promise} |")
    about = told["machine"]
    where = f"{about['processor']}, {about['system']}, Python {about['python']}"
    head = f"Measured on {about['day']} at revision `{about['revision']}`: {where}."
    return "\n".join([head, "", *lines, ""])
