"""What counsel refuses, and how.

    CounselError
    └── BadBench              (also a ValueError) a file of passages and questions that cannot be measured, every fault

"Nothing fits" is an answer, never an error.
"""


class CounselError(Exception):
    """Root of everything counsel raises on purpose."""


class BadBench(CounselError, ValueError):
    """Lines of a bench file that are no passage and no question; `faults` names each by its line."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults
