"""Colours and signs for how two values agree."""

from __future__ import annotations

from jitviewer.ui.canvas.brushes import Brushes
from jitviewer.ui.compare.aligned_rows import ONE_SIDE
from jitviewer.ui.theme import Theme
from jitviewer.ui.theme.theme import mix

SIGNS = {
    "identical": "=", "within tolerance": "≈", "differs": "≠", "not reached": "·", ONE_SIDE: "", "": "",
}  # fmt: skip
"""What stands between two nodes, so that colours are not all there is to see."""

COLORS = {
    "identical": "success", "within tolerance": "info", "differs": "error", "not reached": "text_faint",
    ONE_SIDE: "warning", "": "text_faint",
}  # fmt: skip
"""Names of the themes' colours for what is painted."""

FILL = 0.16
"""How much of its colour a box has."""


class StatusBrushes(Brushes):
    """The categories of boxes are how they agree."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.categories = {status: theme.color(name) for status, name in COLORS.items()}
        self.categories["other"] = theme.color("text_faint")
        self.fills = {name: mix(color, self.box, FILL) for name, color in self.categories.items()}
        self.far_fills = {name: mix(color, self.box, 0.7) for name, color in self.categories.items()}
