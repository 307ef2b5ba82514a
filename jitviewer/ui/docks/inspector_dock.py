"""What is known about the selected node or line of the tree, and the tensor that it stands for."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QMainWindow, QScrollArea, QVBoxLayout, QWidget

from jitviewer.protocol.events import Inspected
from jitviewer.protocol.rows import Fact, NodeTime
from jitviewer.ui.docks.base import Dock
from jitviewer.ui.docks.facts_browser import FactsBrowser
from jitviewer.ui.docks.look_view import LookView
from jitviewer.ui.models.formatting import bytes_text, count_text, share_text, time_text
from jitviewer.ui.services.document import DocumentState
from jitviewer.ui.theme import ThemeManager
from jitviewer.ui.widgets.labels import wrapped
from jitviewer.ui.widgets.styled import caption, panel

ORIGIN = "inspector"
_HINT = "Select a node on the canvas, a line of a text, or a line of the tree."
_COUNTING = "Statistics are being counted…"


class InspectorDock(Dock):
    """Attributes: `view` (the facts), `look` (the tensor), `tensor_title`, `problem`."""

    tagline: ClassVar[str] = "What is known of the selection"
    help_text: ClassVar[str] = (
        "Facts on the selected node, frame, or line of the tree: schema, inputs and outputs, place in "
        "the source, and the times of the last run. Select a node on the canvas, a line of a text, or "
        "a line of the tree. Everything here can be selected and copied."
    )

    def __init__(self, themes: ThemeManager, parent: QMainWindow) -> None:
        super().__init__("inspectorDock", "Inspector", themes, parent)
        self._followed = ""
        self.view = FactsBrowser()
        self.view.setAccessibleName("Facts about the selection")
        self.view.followed.connect(self._on_followed)
        self.tensor_title = wrapped("", "heading")
        self.problem = wrapped("", "dim")
        self._counting = caption(_COUNTING)
        self.look = LookView(themes)
        self.look.part_wanted.connect(self._on_part_wanted)
        self._tensor = panel()
        below = QVBoxLayout(self._tensor)
        below.setContentsMargins(12, 4, 12, 12)
        below.setSpacing(8)
        for widget in (self.tensor_title, self.problem, self._counting, self.look):
            below.addWidget(widget)
        self._inner = inner = panel("form")
        self._column = column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.view)
        column.addWidget(self._tensor)
        column.addStretch(1)
        self._area = QScrollArea(widgetResizable=True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(inner)
        self.setWidget(self._area)
        themes.theme_changed.connect(self.refresh)

    def main_widget(self) -> QWidget:
        """What gets the keyboard."""
        return self.view

    def link(self, document: DocumentState) -> None:
        """Follow what is inspected, measured and looked at."""
        self.follow(document.inspected, self._on_inspected)
        self.follow(document.times_changed, self.refresh)
        self.follow(document.tensor_looked, self._on_tensor_looked)

    def refresh(self) -> None:
        """Show the facts of the document's last inspection, and its tensor."""
        found = self.document.inspection if self.document is not None else None
        if found is None:
            self.view.show_hint(_HINT, self.themes.theme)
        else:
            self.view.show_facts(found.title, [*found.facts, *self._time_facts(found)], self.themes.theme)
        self._on_tensor_looked()

    def _on_inspected(self) -> None:
        self._followed = ""
        self.refresh()
        self._area.verticalScrollBar().setValue(0)

    def _time_facts(self, found: Inspected) -> list[Fact]:
        times = self.document.times if self.document is not None else {}
        time = times.get(found.node_id)
        if time is None:
            return []
        whole = sum(known.self_us for known in times.values())
        share = share_text(time.self_us / whole if whole else 0.0)
        return [
            Fact("Last run", "self", f"{time_text(time.self_us)}, {share} of the run"),
            Fact("Last run", "total", time_text(time.total_us)),
            Fact("Last run", "spread", time_text(time.spread_us)),
            Fact("Last run", "calls", str(time.calls)),
            *cost_facts(time),
            *(Fact("Last run", "output", text) for text in time.types),
        ]

    def _on_tensor_looked(self) -> None:
        seen = self.document.tensor if self.document is not None else None
        self._tensor.setVisible(seen is not None)
        if seen is None:
            return
        look = seen.look
        self.tensor_title.setText(f"{seen.name}  {look.type}" if look is not None else seen.name)
        # Under the facts of the same tensor its name would stand twice.
        found = self.document.inspection if self.document is not None else None
        self.tensor_title.setVisible(found is None or found.tensor != seen.name)
        self.problem.setText(seen.why_not)
        self.problem.setVisible(bool(seen.why_not))
        self._counting.setVisible(not seen.is_complete)
        self.look.setVisible(look is not None)
        if look is not None:
            self.look.show_look(look)
        if seen.name == self._followed:
            # Once it is laid out, and again when the statistics have made it longer.
            QTimer.singleShot(0, self, self._show_tensor)
            if seen.is_complete:
                self._followed = ""

    def _show_tensor(self) -> None:
        """Scroll to the tensor, which stands below all facts."""
        inner, layout = self._inner, self._column
        layout.activate()
        # The area would give the rest of it its size, and the bar its range, in a later turn only.
        inner.resize(inner.width(), max(self._area.viewport().height(), layout.sizeHint().height()))
        self._area.verticalScrollBar().setValue(self._tensor.y())

    def _on_part_wanted(self, part: tuple[int, int, int]) -> None:
        document = self.document
        if document is not None and document.tensor is not None:
            document.look_at_tensor(document.tensor.name, part)

    def _on_followed(self, link: str) -> None:
        document = self.document
        kind, _, name = link.partition(":")
        if document is None:
            return
        if kind == "node":
            document.selection.select([int(name)], ORIGIN)
            document.reveal(int(name))
        elif kind == "tensor":
            self._followed = name
            document.look_at_tensor(name)
        elif kind == "record":
            document.show_record(name)


def cost_facts(time: NodeTime) -> list[Fact]:
    """What a node cost beside time, in all its calls of one run."""
    flops = count_text(time.flops) or "0"
    facts = [Fact("Last run", "FLOPs", flops if time.flops >= 0 else "not counted")]
    if time.moved >= 0:
        facts.append(Fact("Last run", "moved", bytes_text(time.moved) or "0 B"))
    for name, count in (("allocated", time.allocated), ("memory meanwhile", time.peak)):
        if count:
            facts.append(Fact("Last run", name, bytes_text(count)))
    return facts
