"""What stands beside the menus: the switch between workspaces, and the tools."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QMenuBar, QToolBar, QWidget

from jitviewer.ui.widgets.plain import key_text
from jitviewer.ui.workspaces.switch import WorkspaceSwitch

_GAP = 24
_ANY_WIDTH = (1 << 24) - 1


class TopBar(QWidget):
    """One line of the screen for menus, workspaces and tools leaves more of it to the graph.

    Where the window is too narrow for the words of the tools their icons stay; menus and workspaces keep
    theirs. Attributes: `switch`, `tools`.
    """

    def __init__(self, switch: WorkspaceSwitch) -> None:
        super().__init__()
        self.switch = switch
        self.tools = QToolBar("Toolbar")
        self.tools.setObjectName("toolbar")
        self.tools.setMovable(False)
        self.tools.setIconSize(QSize(16, 16))
        self.tools.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._menus_width = self._wide = self._run_width = 0
        self._run: QAction | None = None

    def place(self, window: QMainWindow) -> None:
        """Take the place beside the menus; where the system shows those elsewhere, one below them."""
        menus = window.menuBar()
        if menus.isNativeMenuBar():
            self.tools.insertWidget(self.tools.actions()[0], self.switch)
            window.addToolBar(self.tools)
            return
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(_GAP)
        line.addWidget(self.switch, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self.tools)
        menus.ensurePolished()
        self._menus_width = menus.sizeHint().width()
        menus.setCornerWidget(self)
        # A filter is asked before the bar of menus gives its corner a place.
        menus.installEventFilter(self)

    def keep_room_for(self, action: QAction, *words: str) -> None:
        """Make a button as wide for any of its words: the bar has no room for one that grows."""
        self._run = action
        button = self.tools.widgetForAction(action)
        button.ensurePolished()
        for text in words:
            action.setIconText(key_text(text))
            self._run_width = max(self._run_width, button.sizeHint().width())
        button.setFixedWidth(self._run_width)
        self._wide = self.sizeHint().width()

    def _fit(self, width: int) -> None:
        has_words = self._menus_width + self._wide <= width
        style = Qt.ToolButtonStyle
        wanted = style.ToolButtonTextBesideIcon if has_words else style.ToolButtonIconOnly
        if wanted is self.tools.toolButtonStyle() or self._run is None:
            return
        self.tools.setToolButtonStyle(wanted)
        button = self.tools.widgetForAction(self._run)
        button.setMinimumWidth(self._run_width if has_words else 0)
        button.setMaximumWidth(self._run_width if has_words else _ANY_WIDTH)
        # At once, since the bar of menus asks for the size in a moment, and later no more.
        layout = self.tools.layout()
        assert layout is not None
        layout.invalidate()
        self.tools.updateGeometry()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: the window has another width."""
        if isinstance(watched, QMenuBar) and isinstance(event, QResizeEvent):
            self._fit(event.size().width())
        return super().eventFilter(watched, event)
