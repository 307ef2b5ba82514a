"""Keys of single views, which work while the view has the focus; the menus hold the others."""

from __future__ import annotations

VIEW_KEYS: dict[str, tuple[tuple[str, str], ...]] = {
    "Canvas": (
        ("Arrows", "Move the picture"),
        ("+, -", "Zoom in and out; so does the wheel"),
        ("F", "Show the whole graph"),
        ("Z", "Show the selection"),
        ("Return", "Open or close the selected frame"),
        ("Shift+Wheel", "Move sideways"),
        ("Esc", "Select nothing"),
    ),
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
