"""A field for a whole number."""

from __future__ import annotations

from PySide6.QtWidgets import QSpinBox

from jitviewer.ui.widgets.plain import set_tip

_INDENT = 5
"""Pixels before the number, which then stands where the texts of other fields do."""

_MOST = (1 << 31) - 1


def number_field(name: str, low: int = 0, high: int = 0, value: int = 0, width: int = 56) -> QSpinBox:
    """A field of at least `width` pixels for a number from `low` to `high`."""
    field = QSpinBox(minimum=low, maximum=high, value=value)
    field.setAccessibleName(name)
    set_tip(field, name)
    field.setMinimumWidth(width)
    field.lineEdit().setTextMargins(_INDENT, 0, 0, 0)
    return field


def set_number(field: QSpinBox, value: int, most: int) -> None:
    """Show a number without telling anybody."""
    field.blockSignals(True)
    # Qt's fields end at 31 bits; a tensor of more matrices than that repeats them.
    field.setRange(0, min(max(0, most), _MOST))
    field.setValue(min(value, _MOST))
    field.blockSignals(False)
