"""Which channels there are: every folder here with an `about.py`, found without loading any library.

A channel is a folder. `about.py` holds `ABOUT`, words and numbers alone, so that the desk can say what a channel keeps
secret without its library; `adapter.py` holds `open_channel(settings, journal)`, loaded by the gateway's process
only.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import cast

import tropa.channels
from tropa.channels.errors import NotConfigured, NotThere
from tropa.channels.protocol import Channel, Journal
from tropa.channels.values import Caps, ChannelName, Limits


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing an operator tells an account when it is added. `secret` is asked for without echo."""

    name: str
    asks: str  # a message of this room's catalogue
    secret: bool = False
    default: str | None = None
    form: str = ".+"  # the regular expression a whole value fits


@dataclass(frozen=True, slots=True)
class About:
    """A channel in words and numbers."""

    name: ChannelName
    title: str
    caps: Caps
    limits: Limits
    settings: tuple[Setting, ...]


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


def checked_settings(known: About, given: Mapping[str, str]) -> dict[str, str]:
    """The settings with defaults filled in. Raises NotConfigured naming the first that is missing or strange."""
    strange = sorted(given.keys() - {setting.name for setting in known.settings})
    if strange:
        raise NotConfigured(f"unknown_{strange[0]}")
    settings = {}
    for setting in known.settings:
        value = given.get(setting.name) or setting.default
        if value is None:
            raise NotConfigured(f"no_{setting.name}")
        if not re.fullmatch(setting.form, value):
            raise NotConfigured(f"{setting.name}_malformed")
        settings[setting.name] = value
    return settings


def open_channel(name: str, given: Mapping[str, str], journal: Journal) -> Channel:
    """The channel, not started. Raises NotThere when its library is missing, NotConfigured."""
    known = about(name)
    settings = checked_settings(known, given)
    try:
        adapter = importlib.import_module(f"tropa.channels.{known.name}.adapter")
    except ImportError:
        raise NotThere("library_missing") from None
    return cast("Channel", adapter.open_channel(settings, journal))
