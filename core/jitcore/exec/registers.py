"""Local variables of a function that is written: which hold a value, which are free to hold another."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jitcore.ir import Value


class Registers:
    """The variables of one function, named `v0`, `v1` and so on.

    A free variable holds nothing that costs memory: whoever frees one has emptied it, or fills it at once.
    """

    def __init__(self) -> None:
        self._count = 0
        self._free: dict[str, None] = {}
        self._of: dict[Value, str] = {}
        self._wanted: dict[Value, str] = {}
        self._pinned: set[str] = set()

    def new(self) -> str:
        """A variable that was never used before."""
        name = f"v{self._count}"
        self._count += 1
        return name

    def take(self, wanted: str | None = None) -> str:
        """A free variable: `wanted` if it is free, else the one that became free last, else a new one."""
        if wanted is not None and wanted in self._free:
            del self._free[wanted]
            return wanted
        return self._free.popitem()[0] if self._free else self.new()

    def is_free(self, name: str) -> bool:
        """Whether a variable may be taken."""
        return name in self._free

    def give_back(self, name: str) -> None:
        """The variable is free from now on, unless it is pinned."""
        if name not in self._pinned:
            self._free[name] = None

    def pin(self, name: str) -> None:
        """Let nothing else be put into the variable, whoever has read it for the last time."""
        self._pinned.add(name)

    def unpin(self, name: str) -> None:
        """The variable is free from now on."""
        self._pinned.discard(name)
        self.give_back(name)

    def occupy(self, name: str) -> None:
        """The variable is not free from now on, if it was."""
        self._free.pop(name, None)

    def place(self, value: Value, name: str) -> None:
        """`value` lives in the variable `name` from now on, which is taken."""
        self._of[value] = name

    def want(self, value: Value, name: str) -> None:
        """Let `value`, which is made later, live in the variable `name` if that is free then."""
        self._wanted[value] = name

    def make(self, value: Value) -> str:
        """The variable of a value that is made now."""
        known = self._of.get(value)
        if known is None:
            known = self._of[value] = self.take(self._wanted.get(value))
        return known

    def find(self, value: Value) -> str | None:
        """The variable in which a value lives; None if it has none."""
        return self._of.get(value)

    def forget(self, value: Value) -> None:
        """`value` lives in no variable any more."""
        self._of.pop(value, None)
