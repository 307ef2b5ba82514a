"""Divides a rectangle into tiles whose areas are as given and whose shapes are near squares."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF


def tiles(sizes: Sequence[float], rect: QRectF) -> list[QRectF]:
    """A rectangle for each size, in the order given; sizes should fall.

    Rows are filled along the shorter side for as long as that makes their tiles squarer (Bruls, Huizing and
    van Wijk, Squarified Treemaps, 2000).
    """
    total = sum(sizes)
    if total <= 0 or rect.isEmpty():
        return [QRectF() for _ in sizes]
    scale = rect.width() * rect.height() / total
    areas = [size * scale for size in sizes]
    found: list[QRectF] = []
    room = QRectF(rect)
    at = 0
    while at < len(areas):
        side = min(room.width(), room.height())
        count = 1
        while at + count < len(areas) and _worst(areas[at : at + count + 1], side) <= _worst(
            areas[at : at + count], side
        ):
            count += 1
        room = _place(areas[at : at + count], room, found)
        at += count
    return found


def _worst(row: Sequence[float], side: float) -> float:
    """The longest side of a tile of this row divided by its shortest."""
    whole = sum(row)
    if whole <= 0 or side <= 0:
        return float("inf")
    depth = whole / side
    return max(max(depth * depth / area, area / (depth * depth)) for area in row if area > 0)


def _place(row: Sequence[float], room: QRectF, found: list[QRectF]) -> QRectF:
    """Put a row along the shorter side; gives the room that is left."""
    whole = sum(row)
    if room.width() >= room.height():
        depth = whole / room.height() if room.height() > 0 else 0.0
        top = room.top()
        for area in row:
            height = area / depth if depth > 0 else 0.0
            found.append(QRectF(room.left(), top, depth, height))
            top += height
        return room.adjusted(depth, 0, 0, 0)
    depth = whole / room.width() if room.width() > 0 else 0.0
    left = room.left()
    for area in row:
        width = area / depth if depth > 0 else 0.0
        found.append(QRectF(left, room.top(), width, depth))
        left += width
    return room.adjusted(0, depth, 0, 0)
