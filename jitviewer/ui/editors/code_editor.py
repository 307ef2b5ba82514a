"""A read-only text whose lines stand for nodes; only what is in sight is laid out, whatever its length."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from jitviewer.plain_text import plain_line
from jitviewer.protocol.rows import NodeTime, TextView
from jitviewer.ui.editors import names
from jitviewer.ui.editors.caret import Caret
from jitviewer.ui.editors.gutter import Gutter
from jitviewer.ui.editors.lexers import LONGEST
from jitviewer.ui.editors.line_times import LineTimes
from jitviewer.ui.editors.text_area import TextArea
from jitviewer.ui.editors.text_keys import press_key
from jitviewer.ui.editors.text_lines import Place, Span, TextLines
from jitviewer.ui.editors.text_menu import show_menu
from jitviewer.ui.editors.text_painter import MARGIN, paint_text
from jitviewer.ui.theme import Theme

_NOTCH = 120
"""What a wheel that has notches turns by from one to the next; touch pads turn by less."""

_EMPTY = TextView("", "graph", "", [], {})


class CodeEditor(TextArea):
    """Shows a `TextView`: colours, line numbers, folds, marks, times, the selected lines and a caret.

    Attributes: `caret`; `times` of the lines; `failed_lines`, where a run failed; `selected_lines` are those
    of the selected nodes, `uses` where the value at the caret stands, `found` the matches of a search by
    line, `link` what Ctrl+click would follow.
    Signals: nodes_picked(tuple of node ids): a line was clicked or walked to by key;
    line_activated(tuple of node ids): a line was double clicked or Enter pressed on it;
    name_pointed(name, line, QPoint): the pointer rests on a name, at this place of the screen;
    zoom_wanted(pixels): the letters are to be larger or smaller by these;
    pointer_left(): it does no longer; explain_wanted(name, line, QPoint): the same by key;
    copy_all_wanted(): the whole text is to be copied
    """

    nodes_picked = Signal(object)
    line_activated = Signal(object)
    name_pointed = Signal(str, int, QPoint)
    pointer_left = Signal()
    explain_wanted = Signal(str, int, QPoint)
    copy_all_wanted = Signal()
    zoom_wanted = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.theme = theme
        self.view: TextView = _EMPTY
        self.caret = Caret()
        self.selected_lines: frozenset[int] = frozenset()
        self.failed_lines: frozenset[int] = frozenset()
        self._failed_node = -1
        self.uses: dict[int, list[Span]] = {}
        self.used_name = ""
        self.found: dict[int, list[Span]] = {}
        self.current_found: Span | None = None
        self.link: Span | None = None
        self._nodes: Sequence[int] = ()
        self._node_lines: dict[int, list[int]] | None = None
        self.times = LineTimes()
        self._dragging = False
        self._turned = 0
        self.layouts.coloured.connect(self._refresh)
        self.viewport().setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self._gutter = Gutter(self)
        self._color_bar()
        self._fit()

    # --- what is shown ------------------------------------------------------------------------

    @property
    def has_times(self) -> bool:
        """Whether any line has a measured time."""
        return bool(self.times.by_line)

    def toPlainText(self) -> str:  # noqa: N802  # as Qt's own texts call it
        """The whole text."""
        return self.view.text

    def set_view(self, view: TextView) -> None:
        """Show a text; where it changed, the place that was looked at stays in sight."""
        is_same = view.text == self.view.text and view.language == self.view.language
        kept = None if is_same else self._first_visible_node()
        row = self.bar.value()
        is_same = is_same and view.scopes == self.view.scopes
        self.view = view
        self._node_lines = None
        if not is_same:
            self.lines = TextLines(view.text, view.scopes)
            self.layouts.set_lines(self.lines, view.language)
            self.caret.go(self.lines.clamp(*self.caret.place))
            self.found, self.current_found, self.link = {}, None, None
            self._mark_uses("")
            self._fit()
            self.bar.setValue(row)
            if kept is not None:
                node, offset = kept
                lines = self._lines_of(node)
                if lines:
                    self.bar.setValue(lines[0] - offset)
        self.times.fit(self.view.line_nodes)
        self.select_nodes(self._nodes, scroll=False)
        self._mark_failed()
        self._fit()
        if view.marks and not any(self._is_visible(line) for line in view.marks):
            self.show_line(min(view.marks))
        for mark in self.theme.marks:
            self._mark_rows(mark, (line for line, kind in view.marks.items() if kind == mark))
        self._refresh()

    def set_times(self, times: Mapping[int, NodeTime]) -> None:
        """Paint these times beside the lines of their nodes."""
        self.times.take(times, self.view.line_nodes)
        self._fit()
        self._refresh()

    def set_failed_node(self, node: int) -> None:
        """Mark the lines of the node at which a run failed, and show the first; -1 for none."""
        self._failed_node = node
        self._mark_failed()
        if self.failed_lines and not any(self._is_visible(line) for line in self.failed_lines):
            self.show_line(min(self.failed_lines))
        self._refresh()

    def _mark_failed(self) -> None:
        self.failed_lines = frozenset(self._lines_of(self._failed_node))
        self._mark_rows("failed", self.failed_lines)

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of this theme."""
        self.theme = theme
        self.layouts.set_theme(theme)
        self._color_bar()
        self._refresh()

    def set_text_size(self, size: int) -> None:
        """Show text and line numbers in another size."""
        super().set_text_size(size)
        self._gutter.fit_text(size)
        self._fit()
        self._refresh()

    def select_nodes(self, nodes: Sequence[int], scroll: bool) -> None:
        """Show the lines of these nodes as selected, and the first of them if `scroll`."""
        self._nodes = nodes
        self.selected_lines = frozenset(line for node in nodes for line in self._lines_of(node))
        if scroll and self.selected_lines and not any(self._is_visible(line) for line in self.selected_lines):
            self.show_line(min(self.selected_lines))
        self._mark_rows("selected", self.selected_lines)
        self._refresh()

    def set_found(self, spans: Iterable[Span], current: Span | None = None) -> None:
        """Mark the matches of a search, in the text and on the scroll bar."""
        self.found = {}
        for span in spans:
            self.found.setdefault(span.line, []).append(span)
        self.current_found = current
        self._mark_rows("found", self.found)
        self._refresh()

    def show_span(self, span: Span) -> None:
        """Select a part of a line and show it."""
        self.caret.go(Place(span.line, span.start))
        self.caret.go(Place(span.line, span.end), keeps_anchor=True)
        self.current_found = span
        self.lines.reveal(span.line)
        self._after_folding()
        if not self._is_visible(span.line):
            self.show_line(span.line)
        self.show_column(span.end)
        self._refresh()

    def mark_of(self, line: int) -> str:
        """What the rewrite did to a line: made, changed, matched, removed or ""."""
        return self.view.marks.get(line, "")

    def time_of(self, line: int) -> float | None:
        """Microseconds that the nodes of a line took, with what they contain."""
        return self.times.by_line.get(line)

    def number_of(self, line: int) -> str:
        """The number to show beside a line."""
        numbers = self.view.numbers
        number = numbers[line] if line < len(numbers) else 0 if numbers else line + 1
        return str(number) if number else ""

    def nodes_of(self, line: int) -> tuple[int, ...]:
        """The nodes of a line."""
        return tuple(self.view.line_nodes[line]) if 0 <= line < len(self.view.line_nodes) else ()

    # --- lines on the screen ------------------------------------------------------------------

    def show_line(self, line: int) -> None:
        """Scroll so that a line stands in the upper third, opening what hides it."""
        if self.lines.reveal(line):
            self._after_folding()
        self.bar.setValue(max(0, self.lines.row_of_line(line) - self.rows_in_sight() // 3))

    def show_caret(self) -> None:
        """Scroll as little as shows the caret."""
        row = self.lines.row_of_line(self.caret.place.line)
        if row < self.bar.value():
            self.bar.setValue(row)
        elif row >= self.bar.value() + self.rows_in_sight():
            self.bar.setValue(row - self.rows_in_sight() + 1)
        self.show_column(self.caret.place.column)

    def pick_line(self, line: int) -> None:
        """Select the nodes of a line, as a click on it does."""
        if 0 <= line < len(self.lines.lines):
            self.move_caret(Place(line, 0))
            self.nodes_picked.emit(self.nodes_of(line))

    # --- the caret ----------------------------------------------------------------------------

    def move_caret(self, place: Place, keeps_anchor: bool = False) -> None:
        """Put the caret somewhere; what stands between it and its anchor is selected."""
        self.caret.go(self.lines.clamp(*place), keeps_anchor)
        self._mark_uses(self._value_at(self.caret.place))
        self.setAccessibleDescription(plain_line(self.lines.lines[self.caret.place.line][:LONGEST].strip()))
        self._refresh()

    def selected_text(self) -> str:
        """What is selected."""
        return self.lines.between(*self.caret.ends)

    def clear_marks(self) -> None:
        """Forget the value whose uses are marked, and what is selected."""
        self.caret.go(self.caret.place)
        self._mark_uses("")
        self._refresh()

    def go_to_definition(self) -> bool:
        """Go to where the value at the caret is given; whether there is such a place."""
        at = self.caret.place
        name = self._value_at(at)
        found = names.definition(self.view.language, self.lines, name, at.line) if name else None
        if found is not None:
            self.show_span(found)
            self._mark_uses(name)
            self.nodes_picked.emit(self.nodes_of(found.line))
        return found is not None

    def explain_here(self) -> None:
        """Ask what the word at the caret means."""
        line, column = self.caret.place
        text = self.lines.lines[line]
        word = names.word_at(self.view.language, text, column)
        if word is not None:
            span = Span(line, *word)
            at = self.viewport().mapToGlobal(self.rect_of(span).bottomLeft().toPoint())
            self.explain_wanted.emit(text[span.start : span.end], line, at)

    def go_to_use(self, by: int) -> None:
        """Go to the next (1) or previous (-1) place where the value at the caret stands."""
        at = self.caret.place
        places = [span for line in sorted(self.uses) for span in self.uses[line]]
        if by > 0:
            wanted = next((s for s in places if (s.line, s.start) > (at.line, at.column)), None)
        else:
            wanted = next((s for s in reversed(places) if (s.line, s.end) < (at.line, at.column)), None)
        if wanted is not None:
            self.show_span(wanted)
            self.nodes_picked.emit(self.nodes_of(wanted.line))

    def _value_at(self, place: Place) -> str:
        text = self.lines.lines[place.line]
        found = names.value_at(self.view.language, text, place.column)
        return text[found[0] : found[1]] if found else ""

    def _mark_uses(self, name: str) -> None:
        if name != self.used_name:
            self.used_name = name
            self.uses = {}
            for span in names.uses(self.view.language, self.lines, name) if name else ():
                self.uses.setdefault(span.line, []).append(span)
            self._mark_rows("uses", self.uses)

    # --- folding ------------------------------------------------------------------------------

    def toggle_fold(self, line: int) -> None:
        """Open or close the fold that begins at a line."""
        if self.lines.toggle(line):
            self._after_folding()

    def fold_here(self) -> None:
        """Close the smallest fold around the caret."""
        fold = self.lines.fold(self.caret.place.line)
        if fold is not None:
            self.move_caret(Place(fold.first, 0))
            self._after_folding()
            self.show_caret()

    def unfold_here(self) -> None:
        """Open the fold that begins at the caret's line."""
        if self.lines.closed_at(self.caret.place.line) is not None:
            self.toggle_fold(self.caret.place.line)

    def fold_all(self) -> None:
        """Close every block and submodule."""
        self.lines.fold_all()
        self._after_folding()

    def unfold_all(self) -> None:
        """Open everything."""
        self.lines.unfold_all()
        self._after_folding()

    def _after_folding(self) -> None:
        if self.lines.is_hidden(self.caret.place.line):
            self.caret.go(Place(self.lines.line_of_row(self.lines.row_of_line(self.caret.place.line)), 0))
        self._fit()
        self._mark_rows("selected", self.selected_lines)
        self._mark_rows("found", self.found)
        self._mark_rows("uses", self.uses)
        self._mark_rows("failed", self.failed_lines)
        self._refresh()

    # --- inside -------------------------------------------------------------------------------

    def _lines_of(self, node: int) -> Sequence[int]:
        if self._node_lines is None:
            self._node_lines = {}
            for line, nodes in enumerate(self.view.line_nodes):
                for known in nodes:
                    self._node_lines.setdefault(known, []).append(line)
        return self._node_lines.get(node, ())

    def _is_visible(self, line: int) -> bool:
        row = self.lines.row_of_line(line) - self.bar.value()
        return 0 <= row < self.rows_in_sight() and not self.lines.is_hidden(line)

    def _first_visible_node(self) -> tuple[int, int] | None:
        """A node near the top of the viewport, and how many lines below the top it stands."""
        first = self.first_line() if self.bar.value() else 0
        if first == 0:
            return None
        for line in range(first, min(first + self.rows_in_sight(), len(self.view.line_nodes))):
            if self.view.line_nodes[line]:
                return self.view.line_nodes[line][0], line - first
        return None

    def _mark_rows(self, kind: str, lines: Iterable[int]) -> None:
        self.bar.set_marks(kind, (self.lines.row_of_line(line) for line in lines))

    def _color_bar(self) -> None:
        marks = {mark: self.theme.mark(mark) for mark in self.theme.marks}
        colors = {"selected": "accent", "uses": "success", "found": "warning", "failed": "error"}
        self.bar.set_colors({**marks, **{kind: self.theme.color(name) for kind, name in colors.items()}})

    def _refresh(self) -> None:
        self.viewport().update()
        self._gutter.update()

    def _fit(self) -> None:
        """Give the strip its width and the scroll bars their ranges."""
        width = self._gutter.wanted_width()
        self.setViewportMargins(width, 0, 0, 0)
        rect = self.contentsRect()
        self._gutter.setGeometry(QRect(rect.left(), rect.top(), width, self.viewport().height()))
        rows = self.rows_in_sight()
        self.bar.setRange(0, max(0, self.lines.row_count - rows))
        self.bar.setPageStep(rows)
        self.bar.set_rows(self.lines.row_count)
        longest = self.lines.lines.longest
        bar = self.horizontalScrollBar()
        wide = round(min(longest, 4 * 1024) * self.char_width) + 3 * MARGIN
        bar.setRange(0, max(0, wide - self.viewport().width()))
        bar.setPageStep(self.viewport().width())
        bar.setSingleStep(round(4 * self.char_width))

    # --- Qt -----------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: keep the strip beside the text."""
        super().resizeEvent(event)
        self._fit()

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: N802
        """Qt: paint what came into sight."""
        self.pointer_left.emit()
        self._refresh()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Qt: scroll; with Ctrl another size of the letters is wanted."""
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
            return
        self._turned += event.angleDelta().y()
        steps = int(self._turned / _NOTCH)
        if steps:
            self._turned -= steps * _NOTCH
            self.zoom_wanted.emit(steps)
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: the lines in sight."""
        paint_text(self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Qt: put the caret where the mouse is."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._dragging = True
            keeps = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.move_caret(self.place_at(event.position()), keeps)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Qt: select while a button is held; else underline what Ctrl+click follows, and tell of names."""
        if self._dragging and event.buttons() & Qt.MouseButton.LeftButton:
            self.move_caret(self.place_at(event.position()), keeps_anchor=True)
            self.show_caret()
            return
        self._point(event.position(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Qt: a click that selected no text picks its line; with Ctrl it goes to the definition."""
        if event.button() != Qt.MouseButton.LeftButton or not self._dragging:
            return
        self._dragging = False
        if self.caret.has_selection:
            return
        is_link = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if not (is_link and self.go_to_definition()) and self.line_at(event.position().y()) >= 0:
            self.nodes_picked.emit(self.nodes_of(self.caret.place.line))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Qt: select the word under the mouse and activate the line."""
        place = self.place_at(event.position())
        word = names.word_at(self.view.language, self.lines.lines[place.line], place.column)
        if word is not None:
            self.move_caret(Place(place.line, word[0]))
            self.move_caret(Place(place.line, word[1]), keeps_anchor=True)
        self.line_activated.emit(self.nodes_of(place.line))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: walk, select, copy, fold, follow."""
        if not press_key(self, event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Qt: no link without Ctrl."""
        self._set_link(None)
        super().keyReleaseEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Qt: the pointer leaves, or asks for the menu."""
        if event.type() == QEvent.Type.Leave:
            self._set_link(None)
            self.pointer_left.emit()
        elif event.type() == QEvent.Type.ContextMenu:
            show_menu(self, event.globalPos())  # type: ignore[attr-defined]
            return True
        return super().viewportEvent(event)

    def _point(self, point: QPointF, wants_link: bool) -> None:
        line = self.line_at(point.y())
        place = self.place_at(point)
        text = self.lines.lines[place.line]
        word = names.word_at(self.view.language, text, place.column) if line >= 0 else None
        span = Span(place.line, *word) if word is not None else None
        if span is None or not self.rect_of(span).contains(point):
            self._set_link(None)
            self.pointer_left.emit()
            return
        self._set_link(span if wants_link and self._value_at(place) else None)
        at = self.viewport().mapToGlobal(self.rect_of(span).bottomLeft().toPoint())
        self.name_pointed.emit(text[span.start : span.end], span.line, at)

    def _set_link(self, span: Span | None) -> None:
        if span != self.link:
            self.link = span
            shape = Qt.CursorShape.PointingHandCursor if span is not None else Qt.CursorShape.IBeamCursor
            self.viewport().setCursor(shape)
            self._refresh()
