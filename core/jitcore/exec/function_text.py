"""The source of one function while it is written: its lines, and what they are for."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from jitcore.exec.plan_places import LinePlace

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

_MOST_INDENTED: Final = 60
"""Python reads at most a hundred levels."""

_MOST_BLOCKS: Final = 15
"""Python takes at most twenty loops and `try` inside of each other."""


class FunctionText:
    """Lines of a function. Attributes: `lines`, and `places`, what each line was written for."""

    def __init__(self, name: str, parameters: Sequence[str]) -> None:
        self.lines = [f"def {name}({', '.join(parameters)}):"]
        self.places = [LinePlace()]
        self._depth = 1
        self._blocks = 0

    @property
    def is_deep(self) -> bool:
        """Whether no further block should be written inside of the present one."""
        return self._depth >= _MOST_INDENTED or self._blocks >= _MOST_BLOCKS

    def add(self, place: LinePlace, line: str) -> None:
        """Write a line of the present block."""
        self.lines.append(" " * self._depth + line)
        self.places.append(place)

    @contextmanager
    def indented(self, place: LinePlace, head: str) -> Generator[None]:
        """Context in which lines belong to the block that begins with `head`."""
        self.add(place, head)
        counts = not head.startswith(("if", "else"))
        self._depth += 1
        self._blocks += counts
        first = len(self.lines)
        yield
        if len(self.lines) == first:
            self.add(place, "pass")
        self._depth -= 1
        self._blocks -= counts
