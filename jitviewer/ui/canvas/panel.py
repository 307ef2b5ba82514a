"""The canvas with its header of buttons and its legend."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from jitviewer.protocol.events import CanvasPart, Inspected
from jitviewer.protocol.rows import CanvasItem, Fact
from jitviewer.ui.canvas.legend import Legend
from jitviewer.ui.canvas.picture import Picture, is_scope
from jitviewer.ui.canvas.view import GraphView
from jitviewer.ui.models.formatting import plural, time_text
from jitviewer.ui.services.document import FRAME_ORIGIN, DocumentState
from jitviewer.ui.theme import ThemeManager
from jitviewer.ui.widgets.banner import Banner
from jitviewer.ui.widgets.labels import ElidedLabel
from jitviewer.ui.widgets.styled import caption, panel
from jitviewer.ui.widgets.tool_button import IconButton

ORIGIN = "canvas"
_SLOWEST = 5


class CanvasPanel(QWidget):
    """The graph of a document as a picture.

    Attributes: `view`, `legend`, `arrange` (the button that moves the canvas below or beside the texts).
    Signals: arrange_requested()
    """

    arrange_requested = Signal()

    def __init__(self, document: DocumentState, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._coming = Picture()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.view = GraphView(themes.theme)
        self.legend = Legend(themes)
        self.note = Banner(themes)
        self.title = ElidedLabel("Canvas")
        self.title.setObjectName("paneTitle")
        self.zoom = caption()
        self.zoom.setFixedWidth(44)
        self.zoom.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header(themes))
        column.addWidget(self.note)
        column.addWidget(self.view, 1)
        column.addWidget(self.legend)
        self.view.item_picked.connect(self._on_picked)
        self.view.item_toggled.connect(document.toggle_item)
        self.view.zoom_changed.connect(self._on_zoom_changed)
        document.canvas_part_received.connect(self._on_canvas_part)
        document.canvas_changed.connect(self._on_canvas_changed)
        document.times_changed.connect(self._on_times_changed)
        document.selection.selection_changed.connect(self._on_selection_changed)
        themes.theme_changed.connect(lambda: self.view.set_theme(themes.theme))

    def _header(self, themes: ThemeManager) -> QWidget:
        header = panel("paneHeader")
        header.setFixedHeight(32)
        line = QHBoxLayout(header)
        line.setContentsMargins(12, 0, 4, 0)
        line.setSpacing(2)
        line.addWidget(self.title, 1)
        line.addWidget(self.zoom)
        line.addSpacing(4)
        view = self.view
        for button in (
            IconButton("zoom-out", "Zoom out", themes, lambda: view.zoom_by(0.8), "-"),
            IconButton("zoom-in", "Zoom in", themes, lambda: view.zoom_by(1.25), "+"),
            IconButton("fit", "Show the whole graph", themes, view.fit, "F"),
            IconButton("zoom-selection", "Show the selection", themes, view.fit_selection, "Z"),
            IconButton("expand", "Open every frame", themes, lambda: self._document.set_all_items(True)),
            IconButton("collapse", "Close every frame", themes, lambda: self._document.set_all_items(False)),
        ):
            line.addWidget(button)
        self.arrange = IconButton("beside", "Canvas beside the texts", themes, self.arrange_requested.emit)
        self.legend_button = IconButton("legend", "Legend", themes)
        self.legend_button.setCheckable(True)
        self.legend_button.setChecked(True)
        self.legend_button.toggled.connect(self.legend.setVisible)
        line.addWidget(self.legend_button)
        line.addWidget(self.arrange)
        return header

    def _on_canvas_part(self, part: CanvasPart) -> None:
        if not part.number:
            self._coming = Picture()
        self._coming.add(part.items, part.edges)

    def _on_canvas_changed(self) -> None:
        document = self._document
        if document.canvas is None:
            return
        last = document.last_of_canvas
        assert last is not None
        picture = self._coming if last.parts else Picture()
        self._coming = Picture()
        picture.add(last.view.items, last.view.edges)
        picture.finish(last.view.width, last.view.height)
        self.view.set_picture(picture, document.anchor, document.canvas_is_new)
        nodes = sum(1 for item in picture.boxes if item.kind not in ("input", "output"))
        self.title.setText(f"Canvas  ·  {plural(nodes, 'box').replace('boxs', 'boxes')}")
        self.legend.describe(picture)
        if document.canvas.note:
            self.note.show_message("info", document.canvas.note)
        else:
            self.note.hide()

    def _on_times_changed(self) -> None:
        self.view.graph.set_times(self._document.times)
        self.legend.describe(self.view.graph.picture)

    def _on_selection_changed(self, nodes: tuple[int, ...], origin: str) -> None:
        if origin in (ORIGIN, FRAME_ORIGIN):
            return
        items = self.view.graph.select_nodes(nodes)
        if items:
            self.view.show_rect(self.view.graph.selected_rect())

    def _on_picked(self, item: CanvasItem | None) -> None:
        if item is None:
            self._document.selection.clear()
            return
        document = self._document
        self.view.graph.select_item(item)
        is_frame = is_scope(item)
        # A node's box stands for the constants folded into it too, but those belong to other nodes as well.
        nodes = item.node_ids if is_frame else item.node_ids[:1]
        document.selection.select(nodes, FRAME_ORIGIN if is_frame else ORIGIN)
        if is_frame:
            document.describe(Inspected(document.number, item.label, -1, self._frame_facts(item)))

    def _frame_facts(self, item: CanvasItem) -> list[Fact]:
        """What is known of a frame here: what it is, how many nodes it holds, which of them take longest."""
        facts = [Fact("Frame", "holds", plural(len(item.node_ids), "node"))]
        if item.detail:
            facts.insert(0, Fact("Frame", "is", item.detail))
        times = [self._document.times[node] for node in item.node_ids if node in self._document.times]
        if times:
            facts.append(Fact("Frame", "took", time_text(sum(time.self_us for time in times))))
        times.sort(key=lambda time: -time.self_us)
        facts += [
            Fact("Longest inside", time_text(time.self_us), f"{time.kind} #{time.node_id}")
            for time in times[:_SLOWEST]
        ]
        return facts

    def _on_zoom_changed(self, zoom: float) -> None:
        self.zoom.setText(f"{zoom:.0%}")
