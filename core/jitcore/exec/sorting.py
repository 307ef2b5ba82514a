"""Compiles sorting of lists whose items are compared by tensors' operators or by a class's `__lt__`."""

from __future__ import annotations

from functools import cmp_to_key
from typing import TYPE_CHECKING, Any, cast

import torch

from jitcore.exec.errors import MissingOperatorError
from jitcore.exec.plan import PlanBuilder, handles
from jitcore.ir import Function, ScriptObject
from jitcore.types import BOOL, ClassType, ListType, TensorType

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.exec.steps import Step
    from jitcore.ir import Node
    from jitcore.types import Type


@handles("aten::sort", "aten::sorted")
def sort(builder: PlanBuilder, node: Node) -> Step:
    """Sorts in place, or gives a sorted copy."""
    kind = node.inputs[0].type
    if not isinstance(kind, ListType) or not _needs_comparison(kind.element):
        return builder.operator(node)
    _check_comparable(kind.element)
    is_less = comparison(builder)
    key = cmp_to_key(lambda a, b: -1 if is_less(a, b) else int(is_less(b, a)))

    def sort_list(values: list[Any], reverse: bool) -> None:
        values.sort(key=key, reverse=reverse)

    def sorted_list(values: list[Any]) -> list[Any]:
        return sorted(values, key=key)

    return builder.call(node, sort_list if node.kind == "aten::sort" else sorted_list)


def _needs_comparison(t: Type) -> bool:
    return isinstance(t, ClassType | TensorType) or any(_needs_comparison(part) for part in t.parts)


def _check_comparable(t: Type) -> None:
    """Refuse classes without a method that compares them; found when a program runs, as in torch."""
    for part in t.parts:
        _check_comparable(part)
    if not isinstance(t, ClassType):
        return
    method = t.methods.get("__lt__")
    schema = None if method is None else method.schema
    if schema is not None and len(schema.arguments) == 2:
        takes = schema.arguments[1].type
        if takes == t and len(schema.returns) == 1 and schema.returns[0].type is BOOL:
            return
    raise MissingOperatorError(
        f"To sort a list of {t.repr_str} it must define a __lt__ method with two inputs of type {t.repr_str} "
        "that returns a bool",
        "aten::sort",
    )


def comparison(builder: PlanBuilder) -> Callable[[Any, Any], bool]:
    """What tells whether one value stands before another; tuples by their first items that differ."""
    plan_of = builder.program.plan_of

    def is_less(a: Any, b: Any) -> bool:
        if isinstance(a, torch.Tensor):
            return bool(a.lt(b))
        if isinstance(a, ScriptObject):
            return bool(plan_of(cast(Function, a.type.methods["__lt__"])).run([a, b])[0])
        if isinstance(a, tuple):
            pairs = zip(cast("tuple[Any, ...]", a), cast("tuple[Any, ...]", b), strict=True)
            for mine, theirs in pairs:
                if is_less(mine, theirs):
                    return True
                if is_less(theirs, mine):
                    return False
            return False
        return bool(a < b)

    return is_less
