"""The rehearsal: plays the whole path, from a first message to a released step, over the real pages.

It talks to drop and desk by HTTP alone, as browsers do, and looks at the data directory only to search it for
what must not be there and to tamper with it. It knows no Django and no service.
"""
