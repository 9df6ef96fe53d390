"""The organisation's own changes over the pack: who reviewed, changed, stopped or eased what, when and why."""
