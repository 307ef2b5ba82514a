"""How far apart two values may be and still be the same but for rounding."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import torch

if TYPE_CHECKING:
    from collections.abc import Mapping

_RELATIVE: Final = {
    torch.float64: 1e-7, torch.float32: 1e-5, torch.float16: 2e-3, torch.bfloat16: 1.6e-2,
    torch.complex128: 1e-7, torch.complex64: 1e-5,
}  # fmt: skip
"""Some units in the last place, since other kernels add up in another order; of kinds that are not listed
every difference counts."""


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Two elements are the same if they are no further apart than `relative` of the largest in their tensors,
    or than `absolute`. None stands for what fits the kind of element, which `by_dtype` has others for.

    With `across_dtypes` numbers of different precision are compared as those of the lesser one; else another
    kind of element is a difference.
    """

    relative: float | None = None
    absolute: float = 1e-8
    by_dtype: Mapping[torch.dtype, float] = field(default_factory=dict[torch.dtype, float])
    across_dtypes: bool = False

    def compared_as(self, left: torch.dtype, right: torch.dtype) -> torch.dtype | None:
        """The kind of element that counts where both differ; None where that is a difference of its own."""
        both = (left, right)
        if not self.across_dtypes or left.is_complex != right.is_complex:
            return None
        if not all(dtype in _RELATIVE for dtype in both):
            return None
        return max(both, key=lambda dtype: _RELATIVE[dtype])

    def allowed(self, dtype: torch.dtype, largest: float) -> float:
        """The largest distance that counts as rounding, for tensors whose largest finite element is given.

        It is of the largest and not of each element: what cancels out keeps the rounding of what it was.
        """
        known = _RELATIVE.get(dtype)
        if known is None:
            return 0.0
        relative = self.by_dtype.get(dtype, known if self.relative is None else self.relative)
        return self.absolute + relative * largest
