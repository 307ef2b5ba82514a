"""What somebody asks of fusion: where, how, and from which size on."""

from __future__ import annotations

from typing import NamedTuple


class FusionChoice(NamedTuple):
    """Which groups are formed.

    `fewest` is the number of operators that are worth a group, `is_dynamic` says that a group is for all
    sizes of the ranks that were seen, `reduces` that sums and softmaxes are fused too.
    """

    on_cpu: bool = True
    on_gpu: bool = True
    fewest: int = 2
    is_dynamic: bool = False
    reduces: bool = False

    def allows(self, device: str | None) -> bool:
        """Whether anything on a device is fused; never where nobody knows the device."""
        kind = (device or "").partition(":")[0]
        return (kind == "cpu" and self.on_cpu) or (kind == "cuda" and self.on_gpu)
