"""The bench: measures what the project promises, on a whole installation started as an operator starts it.

CPU, sizes, counts and memory decide; wall-clock times depend on the machine and are printed beside them. Everything is
bounded, stays on the loopback interface, and stops what it started. It is no test: nothing fails a build here.
"""
