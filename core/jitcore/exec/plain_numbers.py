"""Constant tensors without dimensions that arithmetic takes for numbers, as torch's executor has it.

A trace holds the numbers of Python as such tensors, in double precision. As tensors they would decide the
type of a result without dimensions; torch's executor exchanges them for numbers before it runs, as its
`graph_for` shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jitcore.types import FunctionSchema

_ARITHMETIC: Final = frozenset(("aten::add", "aten::sub", "aten::mul", "aten::div"))


def plain_number(schema: FunctionSchema, constants: Sequence[object]) -> int | float | complex | bool | None:
    """The second operand of arithmetic as a number, where it is a constant tensor without dimensions."""
    if schema.name not in _ARITHMETIC or len(constants) < 2 or schema.arguments[1].name != "other":
        return None
    other = constants[1]
    if not isinstance(other, torch.Tensor) or other.dim() or other.requires_grad:
        return None
    return other.item()


def with_number(function: Callable[..., Any], place: int, number: object) -> Callable[..., Any]:
    """`function`, which gets a number in the place of what it is given."""
    if place == 1:
        return lambda first, _, *rest: function(first, number, *rest)

    def call(*given: Any) -> Any:
        return function(*given[:place], number, *given[place + 1 :])

    return call
