"""Which channels there are: every folder here with an `about.py`, found without loading any library.

A channel is a folder. `about.py` holds `ABOUT`, words and numbers alone, so that the desk can say what a channel keeps
secret without its library; `adapter.py` holds `open_channel(settings, journal)`, loaded by the gateway's process
only. A channel that has to speak with its service before it is added (settings that are made, not asked) also has
`enrol.py` with `enrol(settings)`.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any, cast

import tropa.channels
from tropa.channels.errors import NotConfigured, NotThere
from tropa.channels.protocol import Channel, Journal
from tropa.channels.values import Caps, ChannelName, Limits


class Stage(StrEnum):
    """How an account comes by a setting."""

    KEPT = "kept"  # asked for when it is added
    ASKED_ONCE = "asked_once"  # asked for, used, and not kept
    MADE = "made"  # comes of adding it


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing an account is told when it is added. `secret` is asked for without echo."""

    name: str
    asks: str  # a message of this room's catalogue
    secret: bool = False
    default: str | None = None
    form: str = ".+"  # the regular expression a whole value fits
    stage: Stage = Stage.KEPT


@dataclass(frozen=True, slots=True)
class About:
    """A channel in words and numbers."""

    name: ChannelName
    title: str
    caps: Caps
    limits: Limits
    settings: tuple[Setting, ...]
    command_mark: str = "/"
    """What commands begin with in texts people are told; another where apps keep the usual one for themselves."""

    @property
    def asked(self) -> tuple[Setting, ...]:
        """What an operator is asked for."""
        return tuple(setting for setting in self.settings if setting.stage is not Stage.MADE)

    @property
    def kept(self) -> tuple[Setting, ...]:
        """What an account holds."""
        return tuple(setting for setting in self.settings if setting.stage is not Stage.ASKED_ONCE)


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What came of adding an account: the settings it holds, and a line for the paper in the safe, or none."""

    settings: Mapping[str, str] = field(repr=False)
    paper: str = field(default="", repr=False)


@cache
def catalogue() -> Mapping[ChannelName, About]:
    """Every channel by name."""
    found: dict[ChannelName, About] = {}
    for folder in pkgutil.iter_modules(tropa.channels.__path__):
        if folder.ispkg:
            about = cast("About", importlib.import_module(f"tropa.channels.{folder.name}.about").ABOUT)
            found[about.name] = about
    return found


def about(name: str) -> About:
    """One channel. Raises NotThere."""
    try:
        return catalogue()[ChannelName(name)]
    except KeyError:
        raise NotThere("no_such_channel") from None


def checked_settings(settings: Sequence[Setting], given: Mapping[str, str]) -> dict[str, str]:
    """The values with defaults filled in. Raises NotConfigured naming the first that is missing or strange."""
    strange = sorted(given.keys() - {setting.name for setting in settings})
    if strange:
        raise NotConfigured(f"unknown_{strange[0]}")
    values = {}
    for setting in settings:
        value = given.get(setting.name) or setting.default
        if value is None:
            raise NotConfigured(f"no_{setting.name}")
        if not re.fullmatch(setting.form, value):
            raise NotConfigured(f"{setting.name}_malformed")
        values[setting.name] = value
    return values


async def enrol(known: About, given: Mapping[str, str]) -> Enrolled:
    """What an account that is added now holds. Raises ChannelError: nothing was added anywhere."""
    settings = checked_settings(known.asked, given)
    if known.asked == known.kept:
        return Enrolled(settings)
    made = await _part(known, "enrol").enrol(settings)
    return cast("Enrolled", made)


def open_channel(name: str, given: Mapping[str, str], journal: Journal) -> Channel:
    """The channel, not started. Raises NotThere when its library is missing, NotConfigured."""
    known = about(name)
    settings = checked_settings(known.kept, given)
    return cast("Channel", _part(known, "adapter").open_channel(settings, journal))


def _part(known: About, module: str) -> Any:
    try:
        return importlib.import_module(f"tropa.channels.{known.name}.{module}")
    except ImportError:
        raise NotThere("library_missing") from None
