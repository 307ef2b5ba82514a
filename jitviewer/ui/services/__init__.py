"""What the window keeps and talks to: the engine, open documents, settings."""
