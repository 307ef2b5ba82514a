"""A text with its header, a note above it, and the find bar below it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QToolTip, QVBoxLayout, QWidget

from jitviewer.protocol.events import NameExplained
from jitviewer.protocol.rows import TextView
from jitviewer.ui.editors.code_editor import CodeEditor
from jitviewer.ui.theme import ThemeManager
from jitviewer.ui.widgets.banner import Banner
from jitviewer.ui.widgets.facts_html import facts_html
from jitviewer.ui.widgets.find_bar import FindBar
from jitviewer.ui.widgets.labels import ElidedLabel
from jitviewer.ui.widgets.pane_header import PaneHeader
from jitviewer.ui.widgets.segments import Segments
from jitviewer.ui.widgets.tool_button import IconButton

REST_MS = 350
"""How long the pointer rests on a word before it is explained."""

_CARD = 360

_SAVED = ("Saved", "The code as the file has it")
_COMPILED = ("Compiled", "The code that was made of the Python file")


class TextPane(QWidget):
    """One text of a document.

    Attributes: `editor`, `find_bar`; `form` switches `.code` between as saved and after the passes
    (None for other texts).
    Signals: closed(): the person closed the pane (only if it is `closable`);
    explain_wanted(word, node ids of its line): the pointer rests on a word, or its meaning was asked for
    """

    closed = Signal()
    explain_wanted = Signal(str, object)

    def __init__(
        self, name: str, themes: ThemeManager, has_forms: bool = False, closable: bool = False,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._name = name
        self.title = ElidedLabel(name)
        header = PaneHeader(self.title, spacing=4)
        self.editor = CodeEditor(themes.theme)
        self.editor.setAccessibleName(f"{name} text")
        self.find_bar = FindBar(self.editor, themes)
        self.note = Banner(themes)
        self.form: Segments | None = None
        line = header.line
        line.addWidget(self.title, 1)
        if has_forms:
            self.form = Segments(
                (
                    _SAVED,
                    ("Rewritten", "The code of the graph after the passes"),
                    ("Source", "The Python it was made from, as far as the archive holds it"),
                )
            )
            line.addWidget(self.form)
        line.addWidget(IconButton("search", f"Find in {name}", themes, self.find_bar.open, "Ctrl+F"))
        if closable:
            line.addWidget(IconButton("close", f"Close {name}", themes, self.closed.emit))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(header)
        column.addWidget(self.note)
        column.addWidget(self.editor, 1)
        column.addWidget(self.find_bar)
        self._themes = themes
        self._pointed: tuple[str, int, QPoint] | None = None
        self._resting = QTimer(self, singleShot=True, interval=REST_MS)
        self._resting.timeout.connect(self._on_rested)
        self.editor.name_pointed.connect(self._on_name_pointed)
        self.editor.pointer_left.connect(self._on_pointer_left)
        self.editor.explain_wanted.connect(self._on_explain_wanted)
        # A function of ours would keep the pane alive as long as the themes: methods do not.
        themes.theme_changed.connect(self._on_theme_changed)
        themes.text_size_changed.connect(self._on_text_size_changed)
        self.editor.zoom_wanted.connect(self._on_zoom_wanted)
        self._on_text_size_changed()

    def _on_theme_changed(self) -> None:
        self.editor.set_theme(self._themes.theme)

    def _on_text_size_changed(self) -> None:
        self.editor.set_text_size(self._themes.text_size)

    def _on_zoom_wanted(self, by: int) -> None:
        self._themes.set_text_size(self._themes.text_size + by)

    def set_compiled(self, is_compiled: bool) -> None:
        """Name the forms of `.code` for a Python file, whose source stands beside it, or for an archive."""
        if self.form is not None:
            self.form.describe(0, *(_COMPILED if is_compiled else _SAVED))
            self.form.offer(2, is_offered=not is_compiled)

    def copy_all(self) -> None:
        """Put the whole text on the clipboard."""
        QGuiApplication.clipboard().setText(self.editor.view.text)

    def show_explanation(self, explained: NameExplained) -> None:
        """Show what a word means below it, if it is still the one that was asked for."""
        pointed = self._pointed
        if pointed is not None and pointed[0] == explained.word and explained.facts:
            html = facts_html(explained.title, explained.facts, self._themes.theme)
            QToolTip.showText(
                pointed[2], f'<div style="width:{_CARD}px">{html}</div>', self.editor.viewport()
            )

    def _on_name_pointed(self, word: str, line: int, at: QPoint) -> None:
        if self._pointed is None or self._pointed[:2] != (word, line):
            self._pointed = word, line, at
            self._resting.start()

    def _on_pointer_left(self) -> None:
        if self._pointed is not None:
            self._pointed = None
            self._resting.stop()
            QToolTip.hideText()

    def _on_explain_wanted(self, word: str, line: int, at: QPoint) -> None:
        self._pointed = word, line, at
        self._on_rested()

    def _on_rested(self) -> None:
        if self._pointed is not None:
            word, line, _ = self._pointed
            self.explain_wanted.emit(word, self.editor.nodes_of(line))

    def set_view(self, view: TextView, title: str = "") -> None:
        """Show a text under a title (its own if none is given)."""
        self.title.setText(title or view.title)
        self.editor.set_view(view)
        if view.note:
            self.note.show_message("info", view.note)
        else:
            self.note.hide()
        self.find_bar.refresh()
