"""Signal, through a signal-cli daemon on the same host. `docs/operate/channels/signal.md` is the guide."""
