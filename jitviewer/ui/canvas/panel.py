"""The canvas with its header of buttons, its legend and its map."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QVBoxLayout, QWidget

from jitviewer.plain_text import plain_line, plain_lines
from jitviewer.protocol.events import CanvasPart, Inspected
from jitviewer.protocol.rows import CanvasEdge, CanvasItem
from jitviewer.ui.canvas.cost_menu import CostMenu
from jitviewer.ui.canvas.exporting import ExportDialog
from jitviewer.ui.canvas.facts import edge_facts, frame_facts
from jitviewer.ui.canvas.legend import Legend
from jitviewer.ui.canvas.menus import view_menu
from jitviewer.ui.canvas.module_frames import module_frames
from jitviewer.ui.canvas.overview import Overview
from jitviewer.ui.canvas.picture import Picture, is_scope, rect_of
from jitviewer.ui.canvas.steering import Steering
from jitviewer.ui.canvas.view import GraphView
from jitviewer.ui.models.formatting import plural
from jitviewer.ui.services.document import FRAME_ORIGIN, DocumentState
from jitviewer.ui.theme import ThemeManager
from jitviewer.ui.widgets.banner import Banner
from jitviewer.ui.widgets.labels import ElidedLabel
from jitviewer.ui.widgets.pane_header import PaneHeader
from jitviewer.ui.widgets.styled import caption
from jitviewer.ui.widgets.tool_button import IconButton

ORIGIN = "canvas"


class CanvasPanel(QWidget):
    """The graph of a document as a picture.

    Attributes: `view`, `overview`, `legend`, `steering` (what keys and menus do), `flow` (says what is
    highlighted), `exporter`, `places` (back and forward), `arrange` (the button that moves the canvas below
    or beside the texts).
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
        self.overview = Overview(self.view, themes)
        self.steering = Steering(self.view, document)
        self.legend = Legend(themes)
        self.note = Banner(themes)
        self.flow = Banner(themes)
        self.exporter = ExportDialog(self, document, themes, self.note.show_message)
        self.title = ElidedLabel("Canvas")
        self._header = PaneHeader(self.title, spacing=2)
        self.costs = CostMenu(self)
        self.costs.chosen.connect(self._show_times)
        self.zoom = caption()
        self.zoom.setFixedWidth(44)
        self.zoom.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.places = (
            IconButton(
                "previous", "Back to the method before", themes, lambda: document.go_to_place(-1), "Alt+Left"
            ),
            IconButton("next", "Forward again", themes, lambda: document.go_to_place(1), "Alt+Right"),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._fill_header(themes)
        column.addWidget(self._header)
        column.addWidget(self.note)
        column.addWidget(self.flow)
        column.addWidget(self.view, 1)
        column.addWidget(self.legend)
        self._connect(document, themes)
        self._show_places()

    def _connect(self, document: DocumentState, themes: ThemeManager) -> None:
        self.view.item_picked.connect(self._on_picked)
        self.view.item_toggled.connect(document.toggle_item)
        self.view.zoom_changed.connect(self._on_zoom_changed)
        self.steering.edge_chosen.connect(self._on_edge_chosen)
        self.steering.path_started.connect(self._on_path_started)
        self.steering.chosen.connect(self._on_view_chosen)
        self.steering.export_requested.connect(self.exporter.ask)
        self.flow.action_triggered.connect(self.steering.clear)
        self.flow.dismissed.connect(self.steering.clear)
        document.canvas_part_received.connect(self._on_canvas_part)
        document.canvas_changed.connect(self._on_canvas_changed)
        document.highlight_changed.connect(self._on_highlight_changed)
        document.observed_changed.connect(lambda: self.view.graph.set_observed(document.observed))
        document.times_changed.connect(lambda: document.turns.later(self._show_times))
        document.failure_changed.connect(self._show_failure)
        document.selection.selection_changed.connect(self._on_selection_changed)
        document.method_shown.connect(self._show_places)
        document.module_pointed_at.connect(self._on_module_pointed_at)
        self._themes = themes
        # A function of ours would keep the panel alive as long as the themes: methods do not.
        themes.theme_changed.connect(self._on_theme_changed)

    def _on_theme_changed(self) -> None:
        self.view.set_theme(self._themes.theme)

    def _fill_header(self, themes: ThemeManager) -> None:
        line = self._header.line
        for button in self.places:
            line.addWidget(button)
        line.addWidget(self.title, 1)
        line.addWidget(self.zoom)
        line.addSpacing(4)
        actions = self.steering.actions
        buttons: list[QWidget] = []
        for name, text, action in (
            ("zoom-out", "Zoom out", actions.zoom_out),
            ("zoom-in", "Zoom in", actions.zoom_in),
            ("fit", "Show the whole graph", actions.fit),
            ("zoom-selection", "Show the selection", actions.fit_selection),
            ("expand", "Open every frame", actions.open_all),
            ("collapse", "Close every frame", actions.close_all),
        ):
            buttons.append(_button(name, text, themes, action))
            line.addWidget(buttons[-1])
        self.options = IconButton("options", "What the canvas shows", themes)
        menu = view_menu(actions, self.options)
        menu.addAction(self._legend_action())
        menu.addMenu(self.costs)
        self.options.offer(menu)
        self.export_button = _button("export", "Export what is shown", themes, actions.export)
        self.arrange = IconButton("beside", "Canvas beside the texts", themes, self.arrange_requested.emit)
        line.addWidget(self.options)
        line.addWidget(self.export_button)
        line.addWidget(self.arrange)
        # Wheel and keys do the same.
        zooming, frames = buttons[:2], buttons[-2:]
        self._header.leave_out([self.zoom], zooming, frames)

    def _legend_action(self) -> QAction:
        action = QAction("Legend", self)
        action.setCheckable(True)
        action.setChecked(True)
        action.toggled.connect(self._on_legend_toggled)
        return action

    def _on_legend_toggled(self, is_wanted: bool) -> None:
        self.legend.setVisible(is_wanted)

    # --- what the engine said -----------------------------------------------------------------

    def set_found(self, nodes: Iterable[int]) -> None:
        """Outline what a search found, and mark it on the map."""
        self.view.graph.set_found(nodes)
        self.overview.mark_found()

    def _show_places(self) -> None:
        places = self._document.places
        can_go = places.can_go_back, places.can_go_forward
        for button, is_enabled in zip(self.places, can_go, strict=True):
            button.setEnabled(is_enabled)
            # Nobody who stays in one method needs the room that they take.
            button.setVisible(any(can_go))

    def _on_canvas_part(self, part: CanvasPart) -> None:
        if not part.number:
            self._coming = Picture()
        self._coming.add(part.items, part.edges)

    def _on_canvas_changed(self) -> None:
        document = self._document
        last = document.last_of_canvas
        if document.canvas is None or last is None:
            return
        picture = self._coming if last.parts else Picture()
        self._coming = Picture()
        picture.add(last.view.items, last.view.edges)
        picture.finish(last.view.width, last.view.height)
        self.view.set_picture(picture, document.anchor, document.canvas_is_new)
        self.overview.begin()
        nodes = sum(1 for item in picture.boxes if item.kind not in ("input", "output"))
        self.title.setText(f"Canvas  ·  {plural(nodes, 'box').replace('boxs', 'boxes')}")
        self._describe()
        actions = self.steering.actions
        actions.constants.setChecked(document.canvas.shows_constants)
        actions.repeats.setChecked(document.canvas.merges_repeats)
        if document.canvas.note:
            self.note.show_message("info", document.canvas.note)
        else:
            self.note.hide()

    def _on_highlight_changed(self) -> None:
        highlight = self._document.highlight
        self.view.graph.set_highlighted(highlight.items, highlight.edges)
        if highlight.sentence:
            self.flow.show_message("info", highlight.sentence, "Clear")
        elif self.steering.path_start is None:
            self.flow.hide()

    def _show_times(self) -> None:
        self.view.graph.set_times(self._document.times, self.costs.cost)
        self._describe()
        self.overview.begin()

    def _show_failure(self) -> None:
        self.view.graph.set_failed(self._document.failed_node)
        self._describe()
        item = self.view.graph.failed_item
        if item is not None:
            self.view.show_rect(rect_of(item))

    def _describe(self) -> None:
        graph = self.view.graph
        self.legend.describe(graph.picture, graph.failed_item is not None)

    def _on_selection_changed(self, nodes: tuple[int, ...], origin: str) -> None:
        if origin in (ORIGIN, FRAME_ORIGIN):
            return
        items = self.view.graph.select_nodes(nodes)
        if not items:
            return
        rect, seen = self.view.graph.selected_rect(), self.view.seen()
        if rect.width() > seen.width() or rect.height() > seen.height():
            # The middle of what is scattered may show none of it: the first counts most.
            order = {node: at for at, node in enumerate(nodes)}
            rect = rect_of(min(items, key=lambda item: _first_of(item, order)))
        self.view.show_rect(rect)

    def _on_module_pointed_at(self, path: str) -> None:
        """Outline the frame of a module that was chosen elsewhere, which told its facts already."""
        frames = module_frames(self.view.graph.picture, self._document.module_path, path)
        if frames:
            self._document.selection.select(frames[0].node_ids, FRAME_ORIGIN)
            self.view.graph.select_item(frames[0])
            self.view.show_rect(rect_of(frames[0]))

    # --- what the person does -----------------------------------------------------------------

    def _on_picked(self, item: CanvasItem | None) -> None:
        document = self._document
        if item is None:
            self.view.graph.choose_edge(None)
            self.view.graph.select_nodes(())
            document.selection.clear()
            return
        self.view.graph.select_item(item)
        self.view.setAccessibleDescription(plain_line(f"{item.label} {item.detail}".strip()))
        is_frame = is_scope(item)
        # A node's box stands for the constants folded into it too, but those belong to other nodes as well.
        nodes = item.node_ids if is_frame else item.node_ids[:1]
        document.selection.select(nodes, FRAME_ORIGIN if is_frame else ORIGIN)
        if is_frame:
            facts = frame_facts(item, document.times)
            document.describe(Inspected(document.number, item.label, -1, facts))

    def _on_edge_chosen(self, edge: CanvasEdge | None) -> None:
        if edge is None:
            return
        document = self._document
        self.view.setAccessibleDescription(plain_lines(f"edge {self.view.graph.tip_of(edge)}"))
        facts = edge_facts(self.view.graph.picture, edge, document.observed)
        document.describe(Inspected(document.number, f"Edge {edge.value}", -1, facts))
        if edge.value in document.observed:
            # It was run: the value that flowed here can be looked at.
            document.look_at_value(edge.value)

    def _on_path_started(self, item: CanvasItem | None) -> None:
        if item is not None:
            key = self.steering.actions.path.shortcut().toString()
            self.flow.show_message(
                "info", f"A path from {item.label}: select its other end and press {key}.", "Cancel"
            )
        elif not self._document.highlight.sentence:
            self.flow.hide()
        else:
            self._on_highlight_changed()

    def _on_view_chosen(self) -> None:
        self.view.graph.show_types(self.steering.actions.types.isChecked())
        self.overview.set_wanted(self.steering.actions.map.isChecked())

    def _on_zoom_changed(self, zoom: float) -> None:
        self.zoom.setText(f"{zoom:.0%}")


def _first_of(item: CanvasItem, order: dict[int, int]) -> int:
    """The first place in a selection of the nodes that a box stands for."""
    return min((order.get(node, len(order)) for node in item.node_ids), default=len(order))


def _button(name: str, text: str, themes: ThemeManager, action: QAction) -> IconButton:
    return IconButton(name, text, themes, action.trigger, action.shortcut().toString())
