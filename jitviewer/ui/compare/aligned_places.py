"""Where the boxes of two aligned graphs stand: a row for each pair, a column for each side."""

from __future__ import annotations

ROW = 62.0
"""Scene pixels from one row to the next."""

BOX_WIDTH, BOX_HEIGHT = 300.0, 44.0

MIDDLE = 96.0
"""Between the columns, where the joins run."""

LANE = 9.0
"""Between two edges that pass boxes beside the column."""

MOST_LANES = 14
"""Lanes beside a column; more edges than that share the outermost ones."""

MARGIN = LANE * (MOST_LANES + 1)

LEFT, RIGHT = MARGIN, MARGIN + BOX_WIDTH + MIDDLE
"""Where the two columns begin."""

WIDTH = RIGHT + BOX_WIDTH + MARGIN


def top_of(row: int) -> float:
    """Where the boxes of a row begin."""
    return row * ROW + (ROW - BOX_HEIGHT) / 2


def middle_of(row: int) -> float:
    """Half-way down the boxes of a row."""
    return row * ROW + ROW / 2


def left_of(is_left: bool) -> float:
    """Where the boxes of a column begin."""
    return LEFT if is_left else RIGHT
