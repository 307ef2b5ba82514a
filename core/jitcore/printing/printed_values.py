"""Stands for constants of which a graph's text shows less than the value."""

from __future__ import annotations


class PrintedTensor:
    """A tensor constant read from text: what was printed for it, and what its type tells.

    `dtype`, `shape` and `device` are None where the text does not say. Its elements are not known
    to full precision, so it cannot be computed with.
    """

    __slots__ = ("device", "dtype", "shape", "text")

    def __init__(
        self,
        text: str,
        dtype: str | None = None,
        shape: tuple[int, ...] | None = None,
        device: str | None = None,
    ) -> None:
        self.text = text
        self.dtype = dtype
        self.shape = shape
        self.device = device

    def __repr__(self) -> str:
        return f"PrintedTensor({self.text!r})"


class PrintedValue:
    """Any other constant whose text is all that is known of it, as the address of an object."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return f"PrintedValue({self.text!r})"
