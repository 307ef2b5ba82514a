"""The caret of a text, and the anchor that it was dragged from."""

from __future__ import annotations

from jitviewer.ui.editors.text_lines import Place


class Caret:
    """Attributes: `place`, `anchor`; what stands between the two is selected."""

    def __init__(self) -> None:
        self.place = Place(0, 0)
        self.anchor = Place(0, 0)

    @property
    def has_selection(self) -> bool:
        """Whether anything is selected."""
        return self.place != self.anchor

    @property
    def ends(self) -> tuple[Place, Place]:
        """The two ends of the selection, the earlier first."""
        return min(self.place, self.anchor), max(self.place, self.anchor)

    def go(self, place: Place, keeps_anchor: bool = False) -> None:
        """Move, with the anchor unless it is kept."""
        self.place = place
        if not keeps_anchor:
            self.anchor = place

    def columns_in(self, line: int, length: int) -> tuple[int, int] | None:
        """The selected columns of a line of this length; None if nothing in it is selected."""
        first, last = self.ends
        if first == last or not first.line <= line <= last.line:
            return None
        start = first.column if line == first.line else 0
        return start, last.column if line == last.line else length + 1
