"""Advises at scale: finds the dated answer to a question asked in a person's own words, and recognises danger.

Pure: no Django, no clock, no network, no randomness that is not handed in; nothing is written anywhere. Whatever is
made of a text here (words, vectors, groups) is content: it stays in memory or is sealed by whoever asked. When in
doubt counsel says that nothing fits, and a person answers.
"""
