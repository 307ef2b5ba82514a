"""Texts of errors with the frames that led to them, but for the first and the last where there are many."""

from __future__ import annotations

from typing import Final

MOST_FRAMES: Final = 4
"""Frames that are shown one by one."""

_MARK: Final = "<--- HERE"
"""What torch writes behind the carets under the place in a frame, which ends the frame."""

_HEADING: Final = "Traceback of TorchScript"


def folded_frames(text: str, how: str = "") -> str:
    """The text with a line in place of the frames between the innermost and the outermost one.

    A text with no more than `MOST_FRAMES` in a row comes back as it is. `how` says there how to see all.
    """
    kept: list[str] = []
    row: list[list[str]] = []
    frame: list[str] = []
    for line in text.split("\n"):
        frame.append(line)
        if line.startswith(_HEADING):
            # Frames of the code in the archive, and then again those of the code it was made from.
            kept += [*_folded(row, how), *frame]
            row, frame = [], []
        elif line.rstrip().endswith(_MARK):
            row.append(frame)
            frame = []
    return "\n".join([*kept, *_folded(row, how), *frame])


def _folded(row: list[list[str]], how: str) -> list[str]:
    if len(row) > MOST_FRAMES:
        told = f"  … and {len(row) - 2:,} more frames" + (f"; {how}" if how else "")
        blank = [""] if not row[-1][0] else []
        row = [row[0], [*blank, told], row[-1]]
    return [line for frame in row for line in frame]
