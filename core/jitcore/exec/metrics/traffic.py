"""Counts the bytes that an operator reads and writes: each storage once, views free.

    reads     every tensor that it is given, as far as its elements lie apart (an expanded one is read once);
              of a table that is looked up in, as much as is taken
    writes    new storages among its results, and what it is given to write to

Caches and what a kernel computes with inside are not counted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import torch

from jitcore.exec.metrics.tensors_within import tensors_within
from jitcore.ops.lookup import schema_of
from jitcore.types import TENSOR

if TYPE_CHECKING:
    from jitcore.ir import Node
    from jitcore.types import FunctionSchema

Values = tuple[Any, ...]
Traffic = Callable[[Values, Values], "int | None"]
"""Bytes of one execution, of its arguments and results; None where that is not known."""

_WRITES_NOTHING: Final = frozenset(
    f"aten::{name}" for name in ("empty", "empty_like", "empty_strided", "new_empty", "new_empty_strided")
)
"""Memory that is only taken."""

_IGNORES_FIRST: Final = frozenset(
    f"aten::{name}"
    for name in (
        "zeros_like", "ones_like", "full_like", "rand_like", "randn_like", "randint_like", "new_zeros",
        "new_ones", "new_full", "fill_", "zero_", "copy_", "uniform_", "normal_", "random_", "bernoulli_",
        "exponential_", "geometric_", "log_normal_", "cauchy_",
    )
)  # fmt: skip
"""The first tensor is a shape or a place, whose elements nobody reads."""

_IGNORES_SECOND: Final = frozenset({
    "aten::type_as", "aten::expand_as", "aten::view_as", "aten::reshape_as", "aten::to",
})  # fmt: skip
"""The second tensor is a shape or a type."""

_LOOKS_UP: Final = frozenset(
    f"aten::{name}"
    for name in ("embedding", "index_select", "index", "gather", "take", "take_along_dim", "masked_select")
)
"""Of the first tensor as much is read as results."""

_WRITES_PARTS: Final = frozenset(
    f"aten::{name}" for name in ("index_put_", "index_copy_", "scatter_", "index_add_", "scatter_add_")
)
"""Of the first tensor as much is written as the last one has."""

_ADDS_PARTS: Final = frozenset({"aten::index_add_", "aten::scatter_add_"})

_READS_ELEMENTS: Final = frozenset(
    f"aten::{name}"
    for name in (
        "item", "Int", "Float", "Bool", "Complex", "IntImplicit", "FloatImplicit", "ScalarImplicit",
        "ComplexImplicit", "equal", "allclose", "is_nonzero", "_local_scalar_dense",
    )
)  # fmt: skip
"""Give a number, and read tensors for it. Of others that give none, sizes are what they ask for."""


def traffic_of(node: Node) -> Traffic | None:
    """What counts for an operator; None for a node that is none of torch's."""
    schema = schema_of(node)
    if schema is None or node.kind.startswith("prim::"):
        return None
    written = [
        index
        for index, argument in enumerate(schema.arguments)
        # A list that something is appended to moves no elements of tensors.
        if argument.type == TENSOR and argument.alias is not None and argument.alias.is_write
    ]
    return _Counter(schema, written).count


def traffic_of_group(given: Values, outputs: Values) -> int | None:
    """Bytes of what is computed as one: its tensors read, its results written."""
    return _moved(tensors_within(given), tensors_within(outputs))


class _Counter:
    """Counts for one operator."""

    def __init__(self, schema: FunctionSchema, written: list[int]) -> None:
        self._name = schema.name
        self._written = written

    def count(self, given: Values, outputs: Values) -> int | None:
        """See `Traffic`."""
        name = self._name
        read = [tensors_within((value,)) for value in given]
        made = tensors_within(outputs)
        if not all(tensor.layout == torch.strided for tensors in (*read, made) for tensor in tensors):
            return None
        if name in _WRITES_NOTHING:
            return 0
        targets = [tensor for index in self._written if index < len(read) for tensor in read[index]]
        if name in _WRITES_PARTS:
            return self._count_parts(read)
        if not made and not targets and name not in _READS_ELEMENTS:
            return 0
        sources = list(read)
        if name in _IGNORES_FIRST:
            sources[0] = []
        if name in _IGNORES_SECOND and len(sources) > 1:
            sources[1] = []
        looked_up = 0
        if name in _LOOKS_UP and read[0]:
            looked_up = min(sum(map(_extent, made)), _extent(read[0][0]))
            sources[0] = []
        known = [tensor for tensors in read for tensor in tensors]
        moved = _moved([t for tensors in sources for t in tensors], made, targets, known)
        if not moved or (name in _LOOKS_UP and _are_views(made, known)):
            return 0
        return moved + looked_up

    def _count_parts(self, read: list[list[torch.Tensor]]) -> int:
        parts = [tensors for tensors in read[1:] if tensors]
        source = sum(map(_extent, parts[-1])) if parts else 0
        times = 3 if self._name in _ADDS_PARTS else 2
        return sum(_extent(t) for tensors in parts[:-1] for t in tensors) + times * source


def _moved(
    sources: list[torch.Tensor],
    made: list[torch.Tensor],
    targets: list[torch.Tensor] | None = None,
    known: list[torch.Tensor] | None = None,
) -> int:
    """Bytes that are read of `sources` and written to new storages of `made` and to `targets`; 0 if nothing
    is written, as of a view. Whatever lies in a storage of `known` is not new.
    """
    old = {_storage(tensor) for tensor in (sources if known is None else known)}
    fresh = {_storage(tensor): tensor for tensor in made if _storage(tensor) not in old}
    written = sum(map(_extent, fresh.values())) + _apart(targets or [])
    if made and not written and not targets:
        return 0
    return _apart(sources) + written


def _apart(tensors: list[torch.Tensor]) -> int:
    """Bytes of tensors, of those in one storage no more than it has, equal ones once."""
    by_storage: dict[int, dict[object, torch.Tensor]] = {}
    for tensor in tensors:
        place = tensor.data_ptr(), tensor.shape, tensor.stride()
        by_storage.setdefault(_storage(tensor), {})[place] = tensor
    return sum(
        min(sum(map(_extent, views.values())), next(iter(views.values())).untyped_storage().nbytes())
        for views in by_storage.values()
    )


def _extent(tensor: torch.Tensor) -> int:
    """Bytes of the elements of a tensor that lie apart from each other."""
    count = tensor.element_size()
    for size, stride in zip(tensor.shape, tensor.stride(), strict=True):
        if stride or not size:
            count *= size
    return count


def _are_views(made: list[torch.Tensor], known: list[torch.Tensor]) -> bool:
    old = {_storage(tensor) for tensor in known}
    return bool(made) and all(_storage(tensor) in old for tensor in made)


def _storage(tensor: torch.Tensor) -> int:
    # The object of a storage in Python lives as long as the storage.
    return id(tensor.untyped_storage())
