"""The panel of search everywhere: a field, kinds, results; it floats over the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLineEdit, QListView, QVBoxLayout, QWidget

from jitviewer.ui.models.formatting import plural
from jitviewer.ui.models.result_model import ENTRY_ROLE, More, ResultModel
from jitviewer.ui.search.find_everywhere import Places, find_everywhere
from jitviewer.ui.search.query import Query
from jitviewer.ui.search.result_delegate import HEADING, ROW, ResultDelegate
from jitviewer.ui.search.results import KINDS, Found, Result
from jitviewer.ui.search.slices import Slices
from jitviewer.ui.theme import ThemeManager
from jitviewer.ui.widgets.labels import wrapped
from jitviewer.ui.widgets.segments import Segments, segment_button
from jitviewer.ui.widgets.styled import caption

_WIDTH, _ROWS = 760, 15
_HINT = (
    "Modules, weights, operators, values, types, shapes, classes, text and commands. Begin with  >  for "
    "commands,  @  modules,  %  values,  :  types,  #  text. Tab goes to the next kind."
)
_KIND_TIPS = (
    ("All", "Everything"), ("Commands", "Commands only (>)"), ("Modules", "Modules and weights only (@)"),
    ("Operators", "Operators only"), ("Values", "Values only (%)"), ("Types", "Types and shapes only (:)"),
    ("Classes", "Classes, functions and records only"), ("Text", "Text only (#)"),
)  # fmt: skip


class SearchPalette(QFrame):
    """Hidden until `open`.

    Attributes: `field`, `kinds`, `regex`, `case`, `view`, `model`, `found`, `status`.
    Signals: chosen(Result); found_changed(Found): what is to be marked; closed(is_given_up)
    """

    chosen = Signal(object)
    found_changed = Signal(object)
    closed = Signal(bool)

    def __init__(self, themes: ThemeManager, places: Callable[[], Places], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("palette")
        self._get_places = places
        self._places = Places()
        self.found = Found()
        self._kind = 0
        self._is_awaited = False
        self._slices = Slices(self)
        self.field = QLineEdit(placeholderText="Search everywhere", clearButtonEnabled=True)
        self.field.setAccessibleName("Search everywhere")
        self.case = segment_button("Aa", "Match upper and lower case")
        self.regex = segment_button(".*", "Regular expression (Alt+R)")
        self.regex.setShortcut("Alt+R")
        self.kinds = Segments(_KIND_TIPS)
        self.status = caption()
        self.hint = wrapped(_HINT, "caption")
        self.model = ResultModel(self)
        self.view = QListView()
        self.view.setModel(self.model)
        self.view.setItemDelegate(ResultDelegate(themes, self.view))
        self.view.setMouseTracking(True)
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setAccessibleName("Results")
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for button in (self.case, self.regex, *(self.kinds.button(n) for n in range(len(_KIND_TIPS)))):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._window = parent
        application = QApplication.instance()
        assert application is not None
        self._application = application
        self._column = QVBoxLayout(self)
        self._place()
        self.field.textChanged.connect(self._search)
        self.case.toggled.connect(self._search)
        self.regex.toggled.connect(self._search)
        self.kinds.chosen.connect(self.choose_kind)
        self.view.clicked.connect(self._on_clicked)
        themes.theme_changed.connect(self.view.viewport().update)
        self.hide()

    def _place(self) -> None:
        line = QHBoxLayout()
        line.setContentsMargins(12, 12, 12, 0)
        line.setSpacing(4)
        line.addWidget(self.field, 1)
        line.addWidget(self.case)
        line.addWidget(self.regex)
        below = QHBoxLayout()
        below.setContentsMargins(12, 0, 12, 0)
        below.addWidget(self.kinds)
        below.addStretch(1)
        below.addWidget(self.status)
        hint = QHBoxLayout()
        hint.setContentsMargins(12, 0, 12, 4)
        hint.addWidget(self.hint)
        column = self._column
        column.setContentsMargins(1, 1, 1, 8)
        column.setSpacing(8)
        column.addLayout(line)
        column.addLayout(below)
        column.addLayout(hint)
        column.addWidget(self.view, 1)

    def open(self, sign: str = "") -> None:
        """Show the panel; a sign chooses a kind, else what was searched last is offered again."""
        self._places = self._get_places()
        if self.isHidden():
            # Only while it is open: every event of the window passes through here.
            self._application.installEventFilter(self)
        if sign:
            self.field.blockSignals(True)
            self.field.setText(sign)
            self.field.blockSignals(False)
        self.show()
        self.raise_()
        self.field.setFocus()
        if sign:
            self.field.end(False)
        else:
            self.field.selectAll()
        self._search()

    def close_panel(self, is_given_up: bool) -> None:
        """Hide the panel."""
        if self.isVisible():
            if is_given_up:
                self._slices.cancel()
            self._application.removeEventFilter(self)
            self.hide()
            self.closed.emit(is_given_up)

    def choose_kind(self, number: int) -> None:
        """Look for one kind only; 0 is all of them."""
        self._kind = number % len(_KIND_TIPS)
        self.kinds.set_choice(self._kind)
        self._search()

    def _search(self) -> None:
        kind = KINDS[self._kind - 1] if self._kind else ""
        query = Query(self.field.text(), self.regex.isChecked(), self.case.isChecked(), kind)
        # A sign in the field chooses a kind as a button does.
        is_one = len(query.kinds) == 1
        self.kinds.set_choice(KINDS.index(query.kinds[0]) + 1 if is_one else 0)
        self._is_awaited = False
        found = Found()
        work = find_everywhere(query, self._places, found)
        self._slices.start(work, lambda: self._on_found(query, found))

    def _on_found(self, query: Query, found: Found) -> None:
        self.found = found
        self.model.show_found(found, is_one_kind=len(query.kinds) == 1)
        self._select(self.model.first())
        is_wrong = bool(found.problem) or (bool(query) and not found.total)
        self.field.setProperty("invalid", "true" if is_wrong else "false")
        self.field.style().unpolish(self.field)
        self.field.style().polish(self.field)
        nothing = "Nothing found" if query.words else ""
        results = ("more than " if found.is_cut else "") + plural(found.total, "result")
        self.status.setText(found.problem or (results if found.total else nothing))
        self.hint.setVisible(not query.words and not found.total)
        self.fit()
        self.found_changed.emit(found)
        if self._is_awaited:
            self._is_awaited = False
            self._activate()

    def fit(self) -> None:
        """Take the place in the middle of the top of the window."""
        room = self._window.size()
        width = min(_WIDTH, room.width() - 48)
        tall = sum(
            ROW if isinstance(entry, Result | More) else HEADING for entry in self.model.entries[: _ROWS + 6]
        )
        self.view.setVisible(bool(self.model.entries))
        self.view.setFixedHeight(max(1, min(tall + 4, ROW * _ROWS, room.height() - 180)))
        self._column.activate()
        height = self._column.heightForWidth(width) if self._column.hasHeightForWidth() else 0
        self.resize(QSize(width, max(height, self._column.minimumSize().height())))
        self.move((room.width() - width) // 2, 44)

    def _select(self, row: int) -> None:
        index = self.model.index(row) if row >= 0 else QModelIndex()
        self.view.setCurrentIndex(index)
        if row <= 1:
            # The heading above the first result belongs to it.
            self.view.scrollTo(self.model.index(0))

    def _activate(self) -> None:
        if self._slices.is_working:
            # What was typed last is meant, not what is listed still.
            self._is_awaited = True
            return
        entry = self.view.currentIndex().data(ENTRY_ROLE)
        if isinstance(entry, More):
            self.choose_kind(KINDS.index(entry.kind) + 1)
        elif isinstance(entry, Result):
            self.close_panel(is_given_up=False)
            self.chosen.emit(entry)

    def _on_clicked(self, index: QModelIndex) -> None:
        self._select(index.row())
        self._activate()

    # --- Qt -----------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: keys of the field, and clicks beside the panel."""
        if not self.isVisible():
            return False
        if watched is self.field and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._press(event)
        if watched is self._window and event.type() == QEvent.Type.Resize:
            self.fit()
        if event.type() == QEvent.Type.MouseButtonPress and isinstance(watched, QWidget):
            is_beside = watched is not self and not self.isAncestorOf(watched)
            if is_beside:
                self.close_panel(is_given_up=False)
        return False

    def _press(self, event: QKeyEvent) -> bool:
        key, row = event.key(), self.view.currentIndex().row()
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(key))
        if step is not None:
            self._select(self.model.next_choice(row, step))
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            for _ in range(_ROWS - 2):
                row = self.model.next_choice(row, 1 if key == Qt.Key.Key_PageDown else -1)
            self._select(row)
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self.choose_kind(self._kind + (1 if key == Qt.Key.Key_Tab else -1))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._activate()
        elif key == Qt.Key.Key_Escape:
            self.close_panel(is_given_up=True)
        else:
            return False
        return True
