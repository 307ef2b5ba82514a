"""Compiles sorting of lists whose items are compared by tensors' operators or by a class's `__lt__`."""

from __future__ import annotations

from functools import cmp_to_key
from typing import TYPE_CHECKING, Any, Final, cast

import torch

from jitcore.exec.ivalue_types import type_of_value
from jitcore.exec.plan_builder import PlanBuilder, handles
from jitcore.ir import Function, ScriptObject
from jitcore.ops.kernels import TorchScriptError
from jitcore.types import BOOL, FLOAT, INT, STRING, ClassType, ListType, TensorType, TupleType

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.ir import Node
    from jitcore.types import Type


_WITH_KERNELS: Final = (INT, FLOAT, BOOL, STRING)


@handles("aten::sort", "aten::sorted")
def sort(builder: PlanBuilder, node: Node) -> None:
    """Sorts in place, or gives a sorted copy.

    Whether values other than numbers, texts and tensors can be sorted is found when a program runs, by the
    types that they have then, as in torch.
    """
    kind = node.inputs[0].type
    if not isinstance(kind, ListType) or kind.element in _WITH_KERNELS:
        builder.operator(node)
        return
    element = kind.element
    is_less = comparison(builder)
    key = cmp_to_key(lambda a, b: -1 if is_less(a, b) else int(is_less(b, a)))
    has_one_type = isinstance(element, TensorType)

    def sort_list(values: list[Any], reverse: bool) -> None:
        if not has_one_type:
            _check_sortable(values, element)
        values.sort(key=key, reverse=reverse)

    def sorted_list(values: list[Any]) -> list[Any]:
        made = [*values]
        sort_list(made, False)
        return made

    builder.call(node, sort_list if node.kind == "aten::sort" else sorted_list)


def _check_sortable(values: list[Any], declared: Type) -> None:
    """Refuse values of several types, and those of a type that has no order."""
    if not values:
        return
    kind = type_of_value(values[0], declared)
    for value in values:
        other = type_of_value(value, declared)
        if other != kind:
            raise TorchScriptError(
                f"Only values of same type can be compared. Found {kind.repr_str} and {other.repr_str}"
            )
    if isinstance(kind, TupleType):
        _check_tuple(kind)
    elif isinstance(kind, ClassType):
        _check_class(kind)
    else:
        raise TorchScriptError(
            "Only list of Tensors, ints, floats, bools, strs, a User Defined Class that defines the __lt__ "
            f"compare method or Tuples of aforementioned types can be sorted, got list of {kind.repr_str}"
        )


def _check_tuple(kind: TupleType) -> None:
    for part in kind.elements:
        if isinstance(part, TupleType):
            _check_tuple(part)
        elif isinstance(part, ClassType):
            _check_class(part)
        elif part not in _WITH_KERNELS and not isinstance(part, TensorType):
            raise TorchScriptError(
                f"Contained elements in {kind} are not sortable. Only Int, Bool, Float, String, Tensor, a "
                "User Defined Class with __lt__ method defined "
                "or Tuples of aforementioned types can be sorted."
            )


def _check_class(kind: ClassType) -> None:
    method = kind.methods.get("__lt__")
    schema = None if method is None else method.schema
    if schema is not None and len(schema.arguments) == 2:
        takes = schema.arguments[1].type
        if takes == kind and len(schema.returns) == 1 and schema.returns[0].type is BOOL:
            return
    raise TorchScriptError(
        f"To sort a list of {kind.repr_str} it must define a __lt__ method with two inputs of type "
        f"{kind.repr_str} that returns a bool"
    )


def comparison(builder: PlanBuilder) -> Callable[[Any, Any], bool]:
    """What tells whether one value stands before another; tuples by their first items that differ."""
    plan_of = builder.program.plan_of

    def is_less(a: Any, b: Any) -> bool:
        if isinstance(a, torch.Tensor):
            return bool(a.lt(b))
        if isinstance(a, ScriptObject):
            return bool(plan_of(cast(Function, a.type.methods["__lt__"])).run_for_value([a, b]))
        if isinstance(a, tuple):
            pairs = zip(cast("tuple[Any, ...]", a), cast("tuple[Any, ...]", b), strict=True)
            for mine, theirs in pairs:
                if is_less(mine, theirs):
                    return True
                if not _are_equal(mine, theirs):
                    return False
            return False
        if isinstance(a, str):
            return a.encode("utf-8", "surrogateescape") < b.encode("utf-8", "surrogateescape")
        return bool(a < b)

    return is_less


def _are_equal(a: Any, b: Any) -> bool:
    """Whether two items leave the order to those after them; a class's `__eq__` is not asked."""
    if isinstance(a, torch.Tensor):
        return bool(a.eq(b))
    if isinstance(a, ScriptObject):
        return a is b
    if isinstance(a, tuple):
        pairs = zip(cast("tuple[Any, ...]", a), cast("tuple[Any, ...]", b), strict=True)
        return all(_are_equal(mine, theirs) for mine, theirs in pairs)
    return bool(a == b)
