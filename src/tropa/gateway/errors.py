"""What the gateway refuses.

GatewayError
├── NoGatewayKey        the service credential is not there (yet)
├── WrongGatewayKey     it is there and is another organisation's, or damaged
├── NoSuchAccount       no account of this name is configured here
├── AccountExists       there is one of this name already
├── TrainingWorld       this is a training world, from which nothing is ever sent
└── AccountDamaged      its file does not open with this credential
"""

from __future__ import annotations


class GatewayError(Exception):
    """Root of what the gateway refuses. Holds no words of people and no handles."""


class NoGatewayKey(GatewayError):
    """The credential's file is missing."""


class WrongGatewayKey(GatewayError):
    """The credential is not the one everything here rests on."""


class NoSuchAccount(GatewayError):
    """Nothing is configured under this name."""


class AccountExists(GatewayError):
    """The name is taken."""


class TrainingWorld(GatewayError):
    """Nothing leaves a training world, and nothing comes into it."""


class AccountDamaged(GatewayError):
    """The account's file does not open."""
