"""Keeps what pairs of values that differ are apart, to be looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import torch

MOST_PAIRS: Final = 64
"""Pairs that are kept, of those the ones that the left side ran first."""

_MOST_KEPT: Final = 1 << 26
"""Elements of differences that are kept, of all pairs together."""

_ELEMENTS: Final = 8
"""Elements that are told of a pair: those that are furthest apart."""


@dataclass(frozen=True, slots=True)
class Element:
    """An element of two tensors: its indices, and what both hold there."""

    place: tuple[int, ...]
    left: Any
    right: Any


@dataclass(frozen=True, slots=True)
class Apart:
    """How two tensors of one shape are apart, the first time that they differ.

    `difference` are the absolute differences of the elements as float64 on the CPU, None where there was no
    room for them; `elements` are those that are furthest apart, the furthest first.
    """

    difference: torch.Tensor | None
    elements: tuple[Element, ...]


class DifferingValues:
    """Of the pairs that are offered those that the left side ran first.

    Attributes: `by_pair`, by their index in the alignment. Values that are no tensors of one shape are not
    kept: their types, which a `Difference` tells, say enough.
    """

    def __init__(self) -> None:
        self.by_pair: dict[int, Apart] = {}
        self._orders: dict[int, int] = {}
        self._left = _MOST_KEPT

    def offer(self, pair: int, order: int, left: list[Any], right: list[Any]) -> None:
        """Take the values of a pair that differs; the first ones of a pair that runs several times."""
        if pair in self._orders:
            return
        if len(self.by_pair) >= MOST_PAIRS and not self._has_made_room(order):
            return
        found = next(
            (apart for apart in (_apart(*both) for both in zip(left, right, strict=False)) if apart), None
        )
        self._orders[pair] = order
        if found is None:
            return
        size = 0 if found.difference is None else found.difference.numel()
        if size > self._left:
            found = Apart(None, found.elements)
        else:
            self._left -= size
        self.by_pair[pair] = found

    def _has_made_room(self, order: int) -> bool:
        last = max(self.by_pair, key=lambda pair: self._orders[pair])
        if self._orders[last] <= order:
            return False
        given_up = self.by_pair.pop(last).difference
        self._left += 0 if given_up is None else given_up.numel()
        return True


def _apart(left: Any, right: Any) -> Apart | None:
    if not (isinstance(left, torch.Tensor) and isinstance(right, torch.Tensor)):
        return None
    is_plain = left.layout == right.layout == torch.strided and not (left.is_nested or right.is_nested)
    if not is_plain or left.shape != right.shape or left.numel() > _MOST_KEPT or left.is_quantized:
        return None
    if left.is_meta or right.is_meta or right.is_quantized or not left.numel():
        return None
    wide = torch.complex128 if left.is_complex() or right.is_complex() else torch.float64
    with torch.no_grad():
        one, other = left.detach().cpu(), right.detach().cpu()
        difference = (one.to(wide) - other.to(wide)).abs()
        # NaN on one side only is further apart than any number.
        ranked = torch.where(one.isnan() & other.isnan(), 0.0, difference.nan_to_num(torch.inf)).reshape(-1)
        furthest = ranked.topk(min(_ELEMENTS, ranked.numel()))
        elements = [
            _element(one, other, index)
            for index, size in zip(furthest.indices.tolist(), furthest.values.tolist(), strict=True)
            if size > 0
        ]
    return Apart(difference, tuple(elements))


def _element(left: torch.Tensor, right: torch.Tensor, index: int) -> Element:
    place = tuple(int(at) for at in torch.unravel_index(torch.tensor(index), left.shape))
    return Element(place, left[place].item(), right[place].item())
