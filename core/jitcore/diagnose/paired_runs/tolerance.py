"""How far apart two values may be and still be the same but for rounding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import torch

_RELATIVE: Final = {
    torch.float64: 1e-7, torch.float32: 1e-5, torch.float16: 2e-3, torch.bfloat16: 1.6e-2,
    torch.complex128: 1e-7, torch.complex64: 1e-5,
}  # fmt: skip
"""Some units in the last place, since other kernels add up in another order; of kinds that are not listed
every difference counts."""


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Two elements are the same if they are no further apart than `relative` of the largest in their tensors,
    or than `absolute`. None stands for what fits the kind of element."""

    relative: float | None = None
    absolute: float = 1e-8

    def allowed(self, dtype: torch.dtype, largest: float) -> float:
        """The largest distance that counts as rounding, for tensors whose largest finite element is given.

        It is of the largest and not of each element: what cancels out keeps the rounding of what it was.
        """
        known = _RELATIVE.get(dtype)
        if known is None:
            return 0.0
        relative = known if self.relative is None else self.relative
        return self.absolute + relative * largest
