"""Which sizes of the tensors of a graph are the same, as far as is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jitcore.types import TensorType

if TYPE_CHECKING:
    from jitcore.ir import Value
    from jitcore.passes.shapes.symbolic.sizes import Sizes

FIRST_SYMBOL: Final = -2
"""The first symbol that libtorch gives."""


class Symbols:
    """A symbol for each size that is not known; equal ones stand for equal sizes.

    Types hold which sizes are known, this which of the others are the same. `first` is the first symbol
    that is free.
    """

    def __init__(self, first: int = FIRST_SYMBOL) -> None:
        self._next = first
        self._sizes: dict[Value, Sizes] = {}

    def new(self) -> int:
        """A symbol that nothing else has."""
        symbol = self._next
        self._next -= 1
        return symbol

    def set_sizes(self, value: Value, sizes: Sizes | None) -> None:
        """Say of which sizes a tensor is; None: nobody knows."""
        if sizes is None:
            self._sizes.pop(value, None)
        else:
            self._sizes[value] = sizes

    def sizes_of(self, value: Value) -> Sizes | None:
        """The sizes of a tensor by what its type says of it, None where its rank is unknown."""
        found = self._sizes.get(value)
        if found is None and isinstance(value.type, TensorType) and value.type.sizes is not None:
            found = tuple(self.new() if size is None else size for size in value.type.sizes)
            self._sizes[value] = found
        return found
