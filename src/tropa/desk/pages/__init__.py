"""Pages that draw on several apps: Today, and the facts of the atlas."""
