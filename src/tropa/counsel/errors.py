"""What counsel refuses, and how.

    CounselError
    ├── BadCue                (also a ValueError) a line of the file of danger's cues that is none
    ├── BadSet                (also a ValueError) a line of a marked set that names no kind or no text
    └── BadBench              (also a ValueError) a file of passages and questions that cannot be measured, every fault

"Nothing fits" is an answer, never an error.
"""


class CounselError(Exception):
    """Root of everything counsel raises on purpose."""


class BadCue(CounselError, ValueError):
    """A cue is a kind, a colon and at least one word."""

    def __init__(self, number: int, line: str) -> None:
        super().__init__(f"line {number}: no cue: {line}")


class BadSet(CounselError, ValueError):
    """A line of a marked set is kinds of danger or `harmless`, a bar, and a text."""

    def __init__(self, number: int, line: str) -> None:
        super().__init__(f"line {number}: no marked text: {line}")


class BadBench(CounselError, ValueError):
    """Lines of a bench file that are no passage and no question; `faults` names each by its line."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults
