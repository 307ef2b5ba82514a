"""The graph before and after one pass side by side, scrolled together."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollBar, QSplitter, QVBoxLayout, QWidget

from jitviewer.protocol.events import PassDiffShown
from jitviewer.ui.editors.code_editor import CodeEditor
from jitviewer.ui.theme import ThemeManager
from jitviewer.ui.widgets.labels import ElidedLabel
from jitviewer.ui.widgets.plain import PlainLabel
from jitviewer.ui.widgets.styled import caption, panel
from jitviewer.ui.widgets.tool_button import IconButton


class PassDiff(QWidget):
    """Attributes: `before`, `after` (the two texts), `title`, `count`, `buttons` (previous and next change).

    Signals: closed(): the person closed it; nodes_picked(tuple of node ids): a line was picked
    """

    closed = Signal()
    nodes_picked = Signal(object)

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._groups: list[int] = []
        self._at = -1
        self.title = ElidedLabel()
        self.title.setObjectName("paneTitle")
        self.count = caption()
        self.before, self.after = CodeEditor(themes.theme), CodeEditor(themes.theme)
        self.before.setAccessibleName("Graph before the pass")
        self.after.setAccessibleName("Graph after the pass")
        self.buttons = (
            IconButton("up", "Previous change", themes, lambda: self.go(-1), "Shift+F7"),
            IconButton("down", "Next change", themes, lambda: self.go(1), "F7"),
        )
        for button, keys in zip(self.buttons, ("Shift+F7", "F7"), strict=True):
            button.setShortcut(keys)
        header = panel("paneHeader")
        header.setFixedHeight(32)
        line = QHBoxLayout(header)
        line.setContentsMargins(12, 0, 4, 0)
        line.setSpacing(4)
        line.addWidget(self.title, 1)
        line.addWidget(self.count)
        for button in self.buttons:
            line.addWidget(button)
        line.addWidget(IconButton("close", "Close the comparison", themes, self.closed.emit))
        self._empty = PlainLabel("This pass changed nothing in the text.")
        self._empty.setObjectName("dim")
        self._empty.setContentsMargins(12, 8, 12, 8)
        sides = QSplitter()
        sides.setHandleWidth(4)
        sides.setChildrenCollapsible(False)
        for editor in (self.before, self.after):
            sides.addWidget(editor)
            editor.nodes_picked.connect(self.nodes_picked)
            editor.zoom_wanted.connect(self._on_zoom_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(header)
        column.addWidget(self._empty)
        column.addWidget(sides, 1)
        _couple(self.before.verticalScrollBar(), self.after.verticalScrollBar())
        _couple(self.before.horizontalScrollBar(), self.after.horizontalScrollBar())
        self._themes = themes
        # A function of ours would keep the texts alive as long as the themes: methods do not.
        themes.theme_changed.connect(self._on_theme_changed)
        themes.text_size_changed.connect(self._on_text_size_changed)
        self._on_text_size_changed()

    def _on_text_size_changed(self) -> None:
        for editor in (self.before, self.after):
            editor.set_text_size(self._themes.text_size)

    def _on_zoom_wanted(self, by: int) -> None:
        self._themes.set_text_size(self._themes.text_size + by)

    def show_diff(self, diff: PassDiffShown) -> None:
        """Show what a pass did, the first change in sight."""
        self.title.setText(f"Before and after {diff.name}")
        self.before.set_view(diff.before)
        self.after.set_view(diff.after)
        self._groups = diff.groups
        self._at = -1
        self._empty.setVisible(not diff.groups)
        self._describe()
        if diff.groups:
            self.go(1)

    def go(self, by: int) -> None:
        """Go to the next or previous change."""
        wanted = self._at + by
        if 0 <= wanted < len(self._groups):
            self._at = wanted
            self.after.show_line(self._groups[wanted])
            self.before.show_line(self._groups[wanted])
            self._describe()

    def select_nodes(self, nodes: tuple[int, ...]) -> None:
        """Show the lines of these nodes as selected on both sides."""
        self.before.select_nodes(nodes, scroll=False)
        self.after.select_nodes(nodes, scroll=False)

    def _describe(self) -> None:
        total = len(self._groups)
        self.count.setText(f"{self._at + 1} of {total:,}" if self._at >= 0 else "")
        self.buttons[0].setEnabled(self._at > 0)
        self.buttons[1].setEnabled(self._at + 1 < total)

    def _on_theme_changed(self) -> None:
        self.before.set_theme(self._themes.theme)
        self.after.set_theme(self._themes.theme)


def _couple(first: QScrollBar, second: QScrollBar) -> None:
    """Let two scroll bars stand at the same place."""
    first.valueChanged.connect(second.setValue)
    second.valueChanged.connect(first.setValue)
