"""The process that sends notices outside the page: the one place where a browser's address at its push service is open.

A notice is the same neutral sentence for everybody and everything, of one length, sent at a moment drawn anew for each
person; what it costs stands in ADR 19.
"""
