"""Tensors laid out for oneDNN, as constants of graphs that are optimized for inference."""

from __future__ import annotations

from typing import Any


class MkldnnTensor:
    """A constant that a run lays out for oneDNN: what a `dense` tensor holds, of torch or of an archive."""

    __slots__ = ("dense",)

    def __init__(self, dense: Any) -> None:
        self.dense = dense

    @property
    def dtype(self) -> Any:
        """Element type, as the dense tensor has it."""
        return self.dense.dtype

    @property
    def shape(self) -> Any:
        """Sizes."""
        return self.dense.shape

    @property
    def device(self) -> str:
        """oneDNN computes on the CPU."""
        return "cpu"
