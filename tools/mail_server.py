"""Finds Dovecot and Postfix for the tests of Delta Chat, or has the system's packages installed when it is root.

Both drop to users of their own, so only root can run them.
"""

import os

from tools import debian

NEEDED = ("postfix", "dovecot", "openssl")
PACKAGES = ("postfix", "dovecot-imapd", "dovecot-lmtpd", "openssl")
ANSWERS = "postfix postfix/main_mailer_type select No configuration\n"


def find() -> str | None:
    """The path of Postfix, when everything is there and may be run."""
    return debian.find(NEEDED) if os.geteuid() == 0 else None


def ensure() -> str | None:
    """The path, installed first if need be; None where only root could. Raises PackageMissing."""
    return debian.ensure(NEEDED, PACKAGES, answers=ANSWERS)


if __name__ == "__main__":
    print(ensure())
