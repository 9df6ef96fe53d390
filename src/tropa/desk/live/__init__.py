"""Pages that learn that something changed: what may be watched, tickets for it, and the word that says what it was.

Kept true: a stream says "changed" and nothing else; what changed is asked for by the page, from the desk, by somebody
unlocked. `marks` and `tickets` import the standard library alone: the small process that keeps the streams
(`tropa serve live`) loads them without Django.
"""
