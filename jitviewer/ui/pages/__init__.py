"""Pages that fill the middle of the window: settings, keys, versions."""
