"""Keys of single views, which work while the view has the focus; the menus hold the others."""

from __future__ import annotations

from jitviewer.ui.canvas.actions import CANVAS_KEYS

VIEW_KEYS: dict[str, tuple[tuple[str, str], ...]] = {
    "Canvas": CANVAS_KEYS,
    "Texts": (
        ("Up, Down", "Select the line above or below, in every view"),
        ("Return, Shift+Return", "Next and previous match while finding"),
        ("Esc", "Close the find bar"),
    ),
    "Archive": (
        ("Return", "Show the method, or the record as text"),
        ("Left, Right", "Close and open a branch"),
    ),
    "Passes": (
        ("Space", "Switch the pass on or off"),
        ("Alt+Up, Alt+Down", "Run the pass earlier or later"),
        ("Return", "Compare the text before and after the pass"),
    ),
    "Rewrites": (("Return", "Show the graph right after the rewrite"),),
    "Run": (("Return", "In a field of an input: run"),),
}
"""By view: keys and what they do."""
