"""The `tropa` command."""
