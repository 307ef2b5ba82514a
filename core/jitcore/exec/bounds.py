"""Checks before operators in which torch trusts sizes, strides, indices or numbers that it is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

import torch

from jitcore.exec.contracts import (
    attention,
    conversion,
    convolution,
    distances,
    embedding,
    indexing,
    lists,
    losses,
    normalization,
    optimizers,
    padding,
    pooling,
    quantization,
    recurrence,
    resizing,
    sampling,
)
from jitcore.exec.contracts.given import Contract, Given
from jitcore.exec.errors import OutsideContractError
from jitcore.types import OptionalType
from jitcore.types.base import LAYOUT, MEMORY_FORMAT, SCALAR_TYPE

if TYPE_CHECKING:
    from jitcore.exec.operators import BoundCall
    from jitcore.types import FunctionSchema, Type

Check = Callable[[Sequence[Any]], None]
"""Takes the arguments of an operator in the order of its schema; raises `OutsideContractError`."""

_MOST: Final[dict[Type, int]] = {SCALAR_TYPE: 45, LAYOUT: 7, MEMORY_FORMAT: 3}
"""The highest numbers that torch has names for; with others its tables are read beyond their ends."""


def checker(schema: FunctionSchema, constants: Sequence[object]) -> Check | None:
    """What must hold before the operator is called; None if torch checks all of it itself.

    `constants` are the arguments as far as they are known (others may be anything).
    """
    contract = CONTRACTS.get(schema.name) or CONTRACTS.get(f"{schema.name}.{schema.overload}")
    if contract is not None and _is_spared(schema, constants):
        contract = None
    numbered = [
        (index, argument.name, most)
        for index, (argument, value) in enumerate(zip(schema.arguments, constants, strict=False))
        if (most := _MOST.get(_bare(argument.real_type))) is not None and not _is_named(value, most)
    ]
    if contract is None and not numbered:
        return None
    names = tuple(argument.name for argument in schema.arguments)

    def check(values: Sequence[Any]) -> None:
        for index, name, most in numbered:
            if isinstance(values[index], int) and not _is_named(values[index], most):
                raise OutsideContractError(f"torch has no {name} of the number {values[index]}")
        if contract is not None:
            contract(Given(dict(zip(names, values, strict=False))))

    return check


def in_order(bound: BoundCall) -> Callable[..., Any]:
    """What calls the operator with all its arguments in the order of its schema."""
    function, order = bound.function, tuple(bound.dynamic)
    return lambda *values: function(*(values[index] for index in order))


def checked(check: Check, bound: BoundCall) -> Callable[..., Any]:
    """What calls the operator with all its arguments once they have passed the check."""
    function = in_order(bound)

    def call(*values: Any) -> Any:
        check(values)
        return function(*values)

    return call


def with_own_indices(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """`function` of the operator, where it shares the indices of a sparse tensor: with copies of them.

    They are checked when the tensor is made, and a program that writes to them afterwards would lead
    the kernels beyond it. Values are shared as ever.
    """
    if name in _GIVE_INDICES:
        return lambda *given, **named: function(*given, **named).clone()
    taken = _TAKE_INDICES.get(name)
    if taken is None:
        return function
    return lambda *given, **named: function(
        *(value.clone() if isinstance(value, torch.Tensor) and i < taken else value
          for i, value in enumerate(given)), **named
    )  # fmt: skip


_GIVE_INDICES: Final = frozenset({
    "aten::_indices", "aten::indices", "aten::crow_indices", "aten::col_indices", "aten::ccol_indices",
    "aten::row_indices", "aten::_nested_tensor_size", "aten::_nested_tensor_strides",
    "aten::_nested_tensor_storage_offsets",
})  # fmt: skip

_TAKE_INDICES: Final[dict[str, int]] = {
    "aten::sparse_coo_tensor": 1, "aten::sparse_compressed_tensor": 2, "aten::sparse_csr_tensor": 2,
    "aten::sparse_csc_tensor": 2, "aten::sparse_bsr_tensor": 2, "aten::sparse_bsc_tensor": 2,
}  # fmt: skip
"""How many of the first arguments are indices."""


def _bare(kind: Type) -> Type:
    return kind.element if isinstance(kind, OptionalType) else kind


def _is_named(value: object, most: int) -> bool:
    return value is None or (isinstance(value, int) and 0 <= value <= most)


def _is_spared(schema: FunctionSchema, constants: Sequence[object]) -> bool:
    decisive = _ONLY_WITH.get(schema.name)
    return decisive is not None and any(
        argument.name == decisive and (value is None or value is False)
        for argument, value in zip(schema.arguments, constants, strict=False)
    )


_ONLY_WITH: Final = {
    "aten::scaled_dot_product_attention": "enable_gqa",
    "aten::repeat_interleave": "output_size",
    "aten::arange": "dtype",
}
"""Contracts that hold anyway where this argument is False or None."""

_FAMILIES: Final = (
    attention, conversion, convolution, distances, embedding, indexing, lists, losses, normalization,
    optimizers, padding, pooling, quantization, recurrence, resizing, sampling,
)  # fmt: skip
CONTRACTS: Final[dict[str, Contract]] = {
    name: contract for family in _FAMILIES for name, contract in family.CONTRACTS.items()
}
"""By the name of an operator, for all its overloads, or by that of one overload, as `aten::to.prim_dtype`."""
