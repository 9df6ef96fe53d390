"""XMPP with OMEMO, by one device of the desk. `docs/operate/channels/xmpp.md` is the guide."""
