"""Finds the tor for the tests of the onion service, or has the system's package installed when it is root."""

from tools import debian

NEEDED = ("tor", "tor-gencert")


def find() -> str | None:
    """The path of a tor with everything a private network needs; None when there is none."""
    return debian.find(NEEDED)


def ensure() -> str | None:
    """The path, installed first if need be; None where only root could. Raises PackageMissing."""
    return debian.ensure(NEEDED, ("tor",))


if __name__ == "__main__":
    print(ensure())
