"""Finds Prosody for the tests of XMPP, or has the system's package installed when it is root."""

from tools import debian

NEEDED = ("prosody", "openssl")
PACKAGES = ("prosody", "openssl")


def find() -> str | None:
    """The path of Prosody, when everything is there."""
    return debian.find(NEEDED)


def ensure() -> str | None:
    """The path, installed first if need be; None where only root could. Raises PackageMissing."""
    return debian.ensure(NEEDED, PACKAGES)


if __name__ == "__main__":
    print(ensure())
