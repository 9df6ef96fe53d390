"""People reached by messenger: sealed addresses, what waits to be sent, and how the channels do."""
