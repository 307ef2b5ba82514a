"""Keeps the theme that is in force: the person's choice, or the system's."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from jitviewer.resources import resource
from jitviewer.ui.theme import fonts
from jitviewer.ui.theme.theme import Theme, load_theme, mix

SYSTEM = "system"


class ThemeManager(QObject):
    """The theme of the application.

    Attributes: `theme` is in force; `choice` is "light", "dark" or "system"; `text_size` of code, in pixels.
    Signals: theme_changed(), text_size_changed()
    """

    theme_changed = Signal()
    text_size_changed = Signal()

    def __init__(self, choice: str = SYSTEM, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.choice = choice
        self.text_size = fonts.BODY
        self.theme: Theme = load_theme(self._resolve())
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_changed)
        self._apply()

    def choose(self, choice: str) -> None:
        """Use "light", "dark" or what the system uses ("system")."""
        self.choice = choice
        self._refresh()

    def set_text_size(self, size: int) -> None:
        """Show code in this size, as far as it can be read or fits."""
        least, most = fonts.TEXT_SIZES
        size = max(least, min(most, size))
        if size != self.text_size:
            self.text_size = size
            self.text_size_changed.emit()

    def toggle(self) -> None:
        """Go to the other of the two themes."""
        self.choose("light" if self.theme.is_dark else "dark")

    def _resolve(self) -> str:
        if self.choice in ("light", "dark"):
            return self.choice
        scheme = QGuiApplication.styleHints().colorScheme()
        return "dark" if scheme == Qt.ColorScheme.Dark else "light"

    def _on_system_changed(self) -> None:
        if self.choice == SYSTEM:
            self._refresh()

    def _refresh(self) -> None:
        theme = load_theme(self._resolve())
        if theme is self.theme:
            return
        self.theme = theme
        self._apply()
        self.theme_changed.emit()

    def _apply(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.setPalette(palette_of(self.theme))
            app.setFont(fonts.sans())
            app.setStyleSheet(style_sheet(self.theme))


def style_sheet(theme: Theme) -> str:
    """`window.qss` with the theme's colours and the type scale filled in."""
    text = resource("themes", "window.qss").read_text(encoding="utf-8")
    words = dict(theme.colors)
    words.update(
        caption=f"{fonts.CAPTION}px",
        body=f"{fonts.BODY}px",
        heading=f"{fonts.HEADING}px",
        title=f"{fonts.TITLE}px",
    )
    for form in ("open", "closed", "back"):
        words[f"arrow_{form}"] = resource("themes", f"arrow-{form}-{theme.name}.svg").as_posix()
    words["cross"] = resource("themes", f"cross-{theme.name}.svg").as_posix()
    words["tick"] = resource("themes", "tick.svg").as_posix()
    # Longer names first, so that "border_strong" is not read as "border".
    for name in sorted(words, key=len, reverse=True):
        text = text.replace(f"@{name}", words[name])
    return text


def palette_of(theme: Theme) -> QPalette:
    """The colours of what the style sheet does not reach: item views, selections, tool tips, links."""
    role = QPalette.ColorRole
    palette = QPalette()
    pairs = (
        (role.Window, "window"), (role.WindowText, "text"), (role.Base, "panel"),
        (role.AlternateBase, "raised"), (role.Text, "text"), (role.Button, "raised"),
        (role.ButtonText, "text"), (role.BrightText, "error"),
        (role.Highlight, "selection"), (role.HighlightedText, "text"), (role.ToolTipBase, "raised"),
        (role.ToolTipText, "text"), (role.PlaceholderText, "text_faint"), (role.Link, "accent"),
        (role.LinkVisited, "accent"), (role.Mid, "border"), (role.Dark, "border"), (role.Light, "raised"),
        (role.Midlight, "hover"), (role.Shadow, "border_strong"), (role.Accent, "accent"),
    )  # fmt: skip
    for place, name in pairs:
        palette.setColor(place, theme.color(name))
    faded: QColor = mix(theme.color("text_faint"), theme.color("panel"), 0.7)
    for place in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, place, faded)
    return palette
