"""Colours, type scale, style sheet and icons of the window, in a light and a dark form."""

from jitviewer.ui.theme.manager import ThemeManager
from jitviewer.ui.theme.theme import Theme, load_theme

__all__ = ["Theme", "ThemeManager", "load_theme"]
