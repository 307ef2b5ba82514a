"""The one selection that every view of a document shares."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal


class SelectionModel(QObject):
    """The nodes that are selected, by id.

    Attributes: `nodes` in the order given; `origin` names the view that selected them, which does
    not scroll itself.
    Signals: selection_changed(tuple of node ids, origin)
    """

    selection_changed = Signal(object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.nodes: tuple[int, ...] = ()
        self.origin = ""

    def select(self, nodes: Iterable[int], origin: str) -> None:
        """Select these nodes and tell every view, unless they are the selection already."""
        wanted = tuple(dict.fromkeys(nodes))
        if wanted == self.nodes:
            return
        self.nodes = wanted
        self.origin = origin
        self.selection_changed.emit(wanted, origin)

    def clear(self, origin: str = "") -> None:
        """Select nothing."""
        self.select((), origin)
