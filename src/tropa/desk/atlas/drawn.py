"""Parts of the atlas's pages that say facts and nothing else, drawn once for a state of the facts and kept.

Kept true: a part is drawn from the facts in force, a day, a language and what its address asks, and from nothing of
whoever reads: no name, no case, no right, no token. Any change of the facts is another state and draws all anew; only
so many parts are kept. What differs from reader to reader (plans, forms, disputes to settle) is never drawn here.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import date

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from tropa.desk.atlas.in_force import InForce

MOST = 64
"""Parts kept in a process, of some 30 kB each."""

_lock = threading.Lock()
_of: list[InForce] = []
_parts: OrderedDict[tuple[object, ...], SafeString] = OrderedDict()


def drawn(
    state: InForce, day: date, template: str, *asked: object, told: Callable[[], Mapping[str, object]]
) -> SafeString:
    """The template with what `told` gives, which is called only where nothing is kept. `asked`: all of the address that
    `told` looks at.
    """
    key = (template, day, get_language(), *asked)
    with _lock:
        if not _of or _of[0] is not state:
            _of[:] = [state]
            _parts.clear()
        found = _parts.get(key)
        if found is not None:
            _parts.move_to_end(key)
            return found
    found = render_to_string(template, dict(told()))
    with _lock:
        if _of[0] is state:
            _parts[key] = found
            while len(_parts) > MOST:
                _parts.popitem(last=False)
    return found
