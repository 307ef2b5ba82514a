"""Variables by block while a graph is converted: a frame a block, looked up from the inside out."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")


class Frame(Generic[T]):
    """What is known of each variable in one block."""

    __slots__ = ("parent", "table")

    def __init__(self, parent: Frame[T] | None) -> None:
        self.parent = parent
        self.table: dict[str, T] = {}

    def find(self, name: str) -> T | None:
        """From this frame or the nearest one around it."""
        frame: Frame[T] | None = self
        while frame is not None:
            found = frame.table.get(name)
            if found is not None:
                return found
            frame = frame.parent
        return None

    def names(self) -> list[str]:
        """Variables of this frame, sorted."""
        return sorted(self.table)
