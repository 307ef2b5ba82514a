"""How far two values of two runs are apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Agreement = Literal["identical", "within tolerance", "differs"]
"""From the least to the greatest difference."""

ORDER: tuple[Agreement, ...] = ("identical", "within tolerance", "differs")


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures on the absolute differences of two tensors, over the elements that are finite on both sides.

    `quantile` is that of 99 %. `l2` is the norm of the difference and `relative_l2` its part of the left
    tensor's; `cosine` is that of the angle between both. `psnr` is in decibels, the peak that of the left
    tensor; None where there is no difference, or no peak. `different` of `elements` are not equal; NaNs and
    infinities are counted on both sides. `is_sampled` says that the figures are of some elements only.
    """

    elements: int
    different: int
    max: float
    mean: float
    quantile: float
    l2: float
    relative_l2: float | None
    cosine: float | None
    psnr: float | None
    left_nan: int
    right_nan: int
    left_inf: int
    right_inf: int
    is_sampled: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """What two values have in common. `left` and `right` are types, with the value where it is short.

    `what` says in words what is not the same, "" where nothing is; `figures` are there for tensors of one
    shape. Of a container they are those of the part that is furthest apart, which `part` names.
    """

    agreement: Agreement
    left: str
    right: str
    what: str = ""
    figures: Figures | None = None
    part: str = ""

    def is_worse_than(self, other: Difference) -> bool:
        """Whether this is the greater difference."""
        mine, theirs = ORDER.index(self.agreement), ORDER.index(other.agreement)
        if mine != theirs or self.figures is None or other.figures is None:
            return mine > theirs
        return self.figures.max > other.figures.max
