"""The type scale and the font families with their fallbacks."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontDatabase

CAPTION = 11
BODY = 13
HEADING = 15
TITLE = 22
"""Sizes in device-independent pixels; nothing in the window uses another."""

TEXT_SIZES = (8, 32)
"""The smallest and the largest size that a person can give to code, whose usual size is `BODY`."""

_SANS = ("Inter", "SF Pro Text", "Segoe UI", "Noto Sans", "Cantarell", "Ubuntu", "DejaVu Sans")
_MONO = (
    "JetBrains Mono", "SF Mono", "Cascadia Mono", "Menlo", "Consolas", "Noto Sans Mono", "DejaVu Sans Mono",
    "Liberation Mono", "Courier New",
)  # fmt: skip


def _present(families: tuple[str, ...]) -> list[str]:
    known = set(QFontDatabase.families())
    return [family for family in families if family in known]


def sans(size: int = BODY, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The font of the window."""
    font = QFont(_present(_SANS) or ["Sans Serif"])
    font.setPixelSize(size)
    font.setWeight(weight)
    return font


def mono(size: int = BODY) -> QFont:
    """The font of code and values."""
    font = QFont([*_present(_MONO), "monospace"])
    font.setPixelSize(size)
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setFixedPitch(True)
    return font
