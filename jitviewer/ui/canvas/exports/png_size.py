"""How large the PNG of a canvas is, and what is to be said where it had to be made small."""

from __future__ import annotations

from PySide6.QtCore import QRectF

SCALE = 2.0
LONGEST = 16_000
PIXELS = 100_000_000
"""A PNG is twice as large as the canvas at zoom 1, unless a side or all of it would be more than this."""

_LEGIBLE = 0.6
"""The scale below which the words in boxes cannot be read."""


def png_scale(area: QRectF) -> float:
    """Pixels of the PNG per pixel of the canvas at zoom 1."""
    return min(
        SCALE,
        LONGEST / max(area.width(), area.height()),
        (PIXELS / (area.width() * area.height())) ** 0.5,
    )


def too_small(area: QRectF) -> str:
    """A sentence on a picture that cannot be read, "" for all others."""
    scale = png_scale(area)
    if scale >= _LEGIBLE:
        return ""
    return (
        f"At full size the picture would have {area.width():,.0f} x {area.height():,.0f} pixels; it was made "
        f"at {scale:.0%}, too small to read. SVG and PDF keep every word, and closed frames make it smaller."
    )
