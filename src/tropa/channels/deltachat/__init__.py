"""Delta Chat, through the core that its own apps run on. `docs/operate/channels/deltachat.md` is the guide."""
