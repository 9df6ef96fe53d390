"""All open plans at once after a change of facts: what broke, what is proven untouched, what is searched anew.

difference   which acts of a class of people changed, and whether for the worse or the better
open_plans   what is kept of somebody's plans
stored       open plans as arrays of act numbers
triage       broken, worse, untouched, could be better: for everybody at once
together     searches for many people of few classes, which share their lower bounds
proof        whether a stored front is still the whole front (the rules of invalidation)
renewal      searches anew what needs it, worst first, and can be stopped and taken up again
"""
