"""A tensor type that tells which of its unknown sizes are the same."""

from __future__ import annotations

from jitcore.types.tensor import TensorType


class SymbolicTensorType(TensorType):
    """A type of a tensor with a number for each size: what it is, or below zero a symbol.

    Equal symbols, among all types that are looked at together, stand for equal sizes. Printed, and compared
    with other types, it is the type without symbols.
    """

    __slots__ = ("symbols",)

    def __init__(self, kind: TensorType, symbols: tuple[int, ...]) -> None:
        super().__init__(
            kind.dtype,
            tuple(size if size >= 0 else None for size in symbols),
            None,
            kind.requires_grad,
            kind.device,
            kind.undefined,
        )
        self.symbols = symbols
