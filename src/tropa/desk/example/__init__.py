"""The example world: synthetic people, so that somebody can try every page. Never in service."""
