"""Does what the actions of the canvas say: walks, opens, highlights, zooms."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, Qt, Signal

from jitviewer.protocol.rows import CanvasEdge, CanvasItem
from jitviewer.ui.canvas.actions import CanvasActions
from jitviewer.ui.canvas.menus import background_menu, item_menu
from jitviewer.ui.canvas.picture import rect_of
from jitviewer.ui.canvas.view import GraphView
from jitviewer.ui.canvas.walking import Walker, far_end
from jitviewer.ui.services.document import DocumentState
from jitviewer.ui.widgets.plain import menu_text

PAN_STEP = 60


class Steering(QObject):
    """Attributes: `actions`; `path_start`, the item where a path begins, None if none was chosen.

    Signals: path_started(CanvasItem or None), edge_chosen(CanvasEdge or None), chosen(): an option of the
    view, export_requested()
    """

    path_started = Signal(object)
    edge_chosen = Signal(object)
    chosen = Signal()
    export_requested = Signal()

    def __init__(self, view: GraphView, document: DocumentState) -> None:
        super().__init__(view)
        self._view = view
        self._document = document
        self._walker = Walker()
        self._with_constants: set[str] = set()
        self.path_start: CanvasItem | None = None
        self.actions = CanvasActions(view, self)
        view.menu_requested.connect(self._on_menu_requested)
        view.edge_picked.connect(self.choose_edge)
        view.edge_followed.connect(self.follow)
        document.method_shown.connect(self._on_method_shown)

    @property
    def current(self) -> CanvasItem | None:
        """The box that is selected, the first of several."""
        return next(iter(self._view.graph.selected_items()), None)

    # --- walking ------------------------------------------------------------------------------

    def walk(self, *, forward: bool) -> None:
        """Go along an edge; without a selection move the picture."""
        item = self.current
        if item is None:
            self._view.move_by(QPoint(0, PAN_STEP if forward else -PAN_STEP))
            return
        self._pick(self._walker.along(self._view.graph.picture, item, forward=forward))

    def walk_aside(self, step: int) -> None:
        """Go to another choice, or the box beside; without a selection move the picture."""
        item = self.current
        if item is None:
            self._view.move_by(QPoint(step * PAN_STEP, 0))
            return
        self._pick(self._walker.aside(self._view.graph.picture, item, step))

    def next_edge(self) -> None:
        """Choose the first edge of the selection, or the one after that which is chosen."""
        item = self.current
        edges = self._view.graph.picture.edges_of(item.id) if item is not None else []
        if not edges:
            return
        known = self._view.graph.chosen_edge
        at = next((n for n, edge in enumerate(edges) if edge is known), -1)
        self.choose_edge(edges[(at + 1) % len(edges)])

    def choose_edge(self, edge: CanvasEdge | None) -> None:
        """Draw an edge as the chosen one and tell about it."""
        self._view.graph.choose_edge(edge)
        self.edge_chosen.emit(edge)

    def follow(self, edge: CanvasEdge, forward: bool) -> None:
        """Go to the box at one end of an edge."""
        self._pick(far_end(self._view.graph.picture, edge, forward=forward))

    def open_or_follow(self) -> None:
        """Follow the chosen edge to its other end; without one open or close the selection."""
        item, edge = self.current, self._view.graph.chosen_edge
        if edge is not None:
            self.follow(edge, item is None or edge.target != item.id)
        elif item is not None and item.is_open is not None:
            self._view.item_toggled.emit(item.id, not item.is_open)

    def _pick(self, item: CanvasItem | None) -> None:
        if item is not None:
            self._view.item_picked.emit(item)
            self._view.show_middle(rect_of(item))

    # --- flows --------------------------------------------------------------------------------

    def highlight(self, kind: str) -> None:
        """Highlight what depends on the selection (users) or what it depends on (producers)."""
        if self.current is not None:
            self._document.highlight_flow(kind, self.current.id)

    def path(self) -> None:
        """Begin a path at the selection; if one was begun elsewhere, show it."""
        item, start = self.current, self.path_start
        if item is None:
            return
        if start is None or start.id == item.id:
            self._begin_path(item if start is None else None)
            return
        self._begin_path(None)
        self._document.highlight_flow("path", start.id, item.id)

    def clear(self) -> None:
        """End the path that was begun, or the highlight, or the selection."""
        if self.path_start is not None:
            self._begin_path(None)
        elif self._document.highlight.sentence:
            self._document.highlight_flow("", "")
        elif self._view.graph.chosen_edge is not None:
            self.choose_edge(None)
        else:
            self._view.item_picked.emit(None)

    def _begin_path(self, item: CanvasItem | None) -> None:
        self.path_start = item
        self.actions.path.setText(
            f"&Path from {menu_text(item.label)} to here" if item else "Start a &path here"
        )
        self.path_started.emit(item)

    # --- view ---------------------------------------------------------------------------------

    def fit(self) -> None:
        """Show everything."""
        self._view.fit()

    def fit_selection(self) -> None:
        """Show what is selected."""
        self._view.fit_selection()

    def zoom(self, factor: float) -> None:
        """Come nearer or go further away."""
        self._view.zoom_by(factor)

    def set_all(self, *, is_open: bool) -> None:
        """Open or close every frame."""
        self._document.set_all_items(is_open)

    def show_own_constants(self) -> None:
        """Give the constants of the selected box boxes of their own, or fold them again."""
        item = self.current
        if item is not None and item.kind == "node":
            self._with_constants ^= {item.id}
            self._document.show_constants(item.id, item.id in self._with_constants)

    def unroll(self) -> None:
        """Show every part of the selected repeat."""
        item = self.current
        if item is not None and item.kind == "repeat":
            self._document.unroll_item(item.id)

    def choose(self) -> None:
        """Show constants, repeats, types and the map as the actions say."""
        actions = self.actions
        wanted = (actions.constants.isChecked(), actions.repeats.isChecked())
        canvas = self._document.canvas
        if canvas is not None and wanted != (canvas.shows_constants, canvas.merges_repeats):
            self._with_constants.clear()
            self._document.choose_canvas(*wanted)
        self.chosen.emit()

    def export(self) -> None:
        """Ask for a picture to be saved."""
        self.export_requested.emit()

    def show_menu(self) -> None:
        """Show the menu of the selection beside it."""
        item = self.current
        at = self._view.viewport().rect().center()
        if item is not None:
            at = self._view.mapFromScene(rect_of(item).center())
        self._on_menu_requested(item, at)

    def _on_method_shown(self) -> None:
        """Boxes of another graph: what was begun with those of the old one is over."""
        self._with_constants.clear()
        if self.path_start is not None:
            self._begin_path(None)

    def _on_menu_requested(self, item: CanvasItem | None, at: QPoint) -> None:
        if item is not None and (self.current is None or item.id != self.current.id):
            self._view.item_picked.emit(item)
        self._adapt(item)
        view = self._view
        menu = item_menu(self.actions, item, view) if item else background_menu(self.actions, view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._view.viewport().mapToGlobal(at))

    def _adapt(self, item: CanvasItem | None) -> None:
        """Say what the actions would do to this item."""
        is_node = item is not None and item.kind == "node"
        has = is_node and item is not None and item.id in self._with_constants
        self.actions.own_constants.setText("Fold its &constants again" if has else "Its &constants as boxes")
