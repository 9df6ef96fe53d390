"""Web push: a neutral notice outside the page, for whoever switched it on; off unless the organisation and the person
both want it.

Kept true: where a browser is reached lies sealed to a key of its own that only the sending process has; nothing is
switched on but by somebody's own signature; a notice says nothing of anybody. See ADR 19.
"""
