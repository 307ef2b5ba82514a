"""Keys of single views, which work while the view has the focus; the menus hold the others."""

from __future__ import annotations

from jitviewer.ui.canvas.actions import CANVAS_KEYS

VIEW_KEYS: dict[str, tuple[tuple[str, str], ...]] = {
    "Canvas": CANVAS_KEYS,
    "Texts": (
        ("Up, Down", "Select the line above or below, in every view"),
        ("Return", "Show on the canvas what the line stands for"),
        ("Ctrl+I", "Explain the word under the caret"),
        ("F12", "Go to the definition of the value under the caret"),
        ("Shift+F12", "Go to its next use"),
        ("Ctrl+[, Ctrl+]", "Fold or unfold the block"),
        ("Ctrl+Shift+[, Ctrl+Shift+]", "Fold or unfold everything"),
        ("Ctrl+wheel", "Larger or smaller letters"),
        ("Ctrl+C", "Copy the selection, or the line"),
        ("Ctrl+Shift+C", "Copy the whole text"),
        ("Return, Shift+Return", "While finding: next and previous match"),
        ("Esc", "Close the find bar, or end the highlight of uses"),
    ),
    "Aligned graphs": (
        ("Up, Down, Page Up, Page Down, Home, End", "Walk through the rows"),
        ("N, P", "Next and previous pair whose values differ"),
        ("+, -, Ctrl+wheel", "Zoom both"),
        ("F", "Show all of both"),
    ),
    "Before and after a pass": (("F7, Shift+F7", "Next and previous change"),),
    "Archive": (
        ("Return", "Show the method, or the record as text"),
        ("Left, Right", "Close and open a branch"),
    ),
    "Passes": (
        ("Space", "Switch the pass on or off"),
        ("Alt+Up, Alt+Down", "Run the pass earlier or later"),
        ("Return", "Compare the text before and after the pass"),
        ("Ctrl+I", "Say what the pass does, with an example"),
    ),
    "Rewrites": (("Return", "Show the graph right after the rewrite"),),
    "Run": (("Return", "In a field of an input: run"),),
}
"""By view: keys and what they do."""
