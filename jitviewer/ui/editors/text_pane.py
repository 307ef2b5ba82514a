"""A text with its header, a note above it, and the find bar below it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from jitviewer.protocol.rows import TextView
from jitviewer.ui.editors.code_editor import CodeEditor
from jitviewer.ui.theme import ThemeManager
from jitviewer.ui.widgets.banner import Banner
from jitviewer.ui.widgets.find_bar import FindBar
from jitviewer.ui.widgets.labels import ElidedLabel
from jitviewer.ui.widgets.segments import Segments
from jitviewer.ui.widgets.styled import panel
from jitviewer.ui.widgets.tool_button import IconButton


class TextPane(QWidget):
    """One text of a document.

    Attributes: `editor`, `find_bar`; `form` switches `.code` between as saved and after the passes
    (None for other texts).
    Signals: closed(): the person closed the pane (only if it is `closable`)
    """

    closed = Signal()

    def __init__(
        self, name: str, themes: ThemeManager, has_forms: bool = False, closable: bool = False,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._name = name
        self.title = ElidedLabel(name)
        self.title.setObjectName("paneTitle")
        self.editor = CodeEditor(themes.theme)
        self.editor.setAccessibleName(f"{name} text")
        self.find_bar = FindBar(self.editor, themes)
        self.note = Banner(themes)
        self.form: Segments | None = None
        header = panel("paneHeader")
        header.setFixedHeight(32)
        line = QHBoxLayout(header)
        line.setContentsMargins(12, 0, 4, 0)
        line.setSpacing(4)
        line.addWidget(self.title, 1)
        if has_forms:
            self.form = Segments(
                (
                    ("As saved", "The code as the file has it"),
                    ("After passes", "The code of the rewritten graph"),
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
        # A function of ours would keep the pane alive as long as the themes: methods do not.
        themes.theme_changed.connect(self._on_theme_changed)

    def _on_theme_changed(self) -> None:
        self.editor.set_theme(self._themes.theme)

    def set_view(self, view: TextView, title: str = "") -> None:
        """Show a text under a title (its own if none is given)."""
        self.title.setText(title or view.title)
        self.editor.set_view(view)
        if view.note:
            self.note.show_message("info", view.note)
        else:
            self.note.hide()
        self.find_bar.refresh()
