"""The organisation's genuine contact points: a list two coordinators sign, which anybody can check."""
