"""Names that libtorch gives to the classes of a copied module."""

from __future__ import annotations

from typing import Final

_MANGLED: Final = "___torch_mangle_"


class ClassNames:
    """Gives each class a name that none has yet, by a part `___torch_mangle_N` before the last one.

    As `CompilationUnit::mangle` and `NameMangler` do (torch/csrc/jit/api/compilation_unit.h,
    torch/csrc/jit/frontend/name_mangler.cpp): of a unit that has mangled nothing so far.
    """

    def __init__(self, taken: set[str]) -> None:
        self._taken = taken
        self._next = 0

    def of_copy(self, name: str) -> str:
        """The name of a copy of the class `name`."""
        while name in self._taken:
            name = self._mangled(name)
        self._taken.add(name)
        return name

    def _mangled(self, name: str) -> str:
        parts = name.split(".")
        for place, part in enumerate(parts):
            if _MANGLED in part:
                stem, _, number = part.partition(_MANGLED)
                if number.isdecimal():
                    self._next = max(self._next, int(number) + 1)
                parts[place] = f"{stem}{_MANGLED}{self._next}"
                self._next += 1
                return ".".join(parts)
        parts.insert(len(parts) - 1, f"{_MANGLED}{self._next}")
        self._next += 1
        return ".".join(parts)
