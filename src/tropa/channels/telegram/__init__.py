"""Telegram's bots: an entrance, not a place to talk. `docs/operate/channels/telegram.md` is the guide."""
