"""Keeps the values of the pair that differs first, to be looked at."""

from __future__ import annotations

from typing import Any, Final

import torch

_MOST_KEPT: Final = 1 << 26
"""Elements of differences that are kept."""


class FirstValues:
    """Of all pairs that are offered the two tensors of the one that the left side ran first.

    Attributes: `pair`, its index in the alignment (-1: none); `difference`, the absolute differences of the
    elements as float64, None where the values are no tensors of one shape.
    """

    def __init__(self) -> None:
        self.pair = -1
        self.difference: torch.Tensor | None = None
        self._order = -1

    def offer(self, pair: int, order: int, left: list[Any], right: list[Any]) -> None:
        """Take the values of a pair that differs, unless an earlier one is there already."""
        if self.pair >= 0 and self._order <= order:
            return
        self.pair, self._order = pair, order
        apart = (_apart(one, other) for one, other in zip(left, right, strict=False))
        self.difference = next((found for found in apart if found is not None), None)


def _apart(left: Any, right: Any) -> torch.Tensor | None:
    if not (isinstance(left, torch.Tensor) and isinstance(right, torch.Tensor)):
        return None
    is_plain = left.layout == right.layout == torch.strided and not (left.is_nested or right.is_nested)
    if not is_plain or left.shape != right.shape or left.numel() > _MOST_KEPT or left.is_quantized:
        return None
    wide = torch.complex128 if left.is_complex() or right.is_complex() else torch.float64
    return (left.detach().cpu().to(wide) - right.detach().cpu().to(wide)).abs()
