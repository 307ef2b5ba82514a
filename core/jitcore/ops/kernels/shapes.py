"""Sizes of tensors as lists of ints."""

from __future__ import annotations

from jitcore.ops.kernels.errors import TorchScriptError
from jitcore.ops.kernels.registry import op


@op("aten::_infer_size(int[] a, int[] b) -> int[]")
def infer_size(a: list[int], b: list[int]) -> list[int]:
    """The size that two sizes broadcast to; raises if they do not."""
    rank = max(len(a), len(b))
    sizes: list[int] = []
    for dim in reversed(range(rank)):
        x = a[dim - rank + len(a)] if dim >= rank - len(a) else 1
        y = b[dim - rank + len(b)] if dim >= rank - len(b) else 1
        if x != y and x != 1 and y != 1:
            # libtorch takes its arguments from a stack, so it names the second one first.
            raise TorchScriptError(
                f"The size of tensor a ({y}) must match the size of tensor b ({x}) "
                f"at non-singleton dimension {dim}"
            )
        sizes.append(y if x == 1 else x)
    return sizes[::-1]


@op("aten::broadcast_shapes(int[] a, int[] b) -> int[]")
def broadcast_shapes(a: list[int], b: list[int]) -> list[int]:
    """The size that two sizes broadcast to; raises if they do not."""
    return infer_size(a, b)


@op("aten::_size_if_not_equal(int[] self_size, int[] other_size) -> int[]?")
def size_if_not_equal(self_size: list[int], other_size: list[int]) -> list[int] | None:
    """The first size if it differs from the second."""
    return None if self_size == other_size else self_size


@op("prim::BroadcastSizes(...) -> int[]")
def broadcast_sizes(*sizes: list[int]) -> list[int]:
    """The size that all sizes broadcast to."""
    result: list[int] = []
    for size in sizes:
        result = infer_size(size, result)
    return result


@op("prim::ReductionSizes(int[] size, int[] red_axes, bool keepdim=False) -> int[]")
def reduction_sizes(size: list[int], red_axes: list[int], keepdim: bool) -> list[int]:
    """The size after reducing some axes."""
    if keepdim:
        return [1 if axis in red_axes else extent for axis, extent in enumerate(size)]
    return [extent for axis, extent in enumerate(size) if axis not in red_axes]
