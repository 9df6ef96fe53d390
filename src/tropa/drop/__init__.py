"""The applicant's site: write, get nine words, come back with them. No script, no account, no name."""
