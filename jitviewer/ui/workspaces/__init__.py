"""Workspaces: arrangements of the parts of the window, one for each task."""
