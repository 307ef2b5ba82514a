"""Augmented assignments: `x += y` and its kind."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jitcore.frontend import building
from jitcore.frontend.emit_indexing import slice_and_select
from jitcore.frontend.sugared.call_site import CallSite
from jitcore.frontend.sugared.calls import MethodValue
from jitcore.ops.matching import NamedValue
from jitcore.types import TENSOR, ClassType, DictType, ListType, Type, is_subtype, make_optional

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.ir import Value
    from jitcore.source import SourceRange

_OPERATORS: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("aten::add_", "aten::add"),
    ast.Sub: ("aten::sub_", "aten::sub"),
    ast.Div: ("aten::div_", "aten::div"),
    ast.Mult: ("aten::mul_", "aten::mul"),
    ast.Mod: ("aten::fmod_", "aten::fmod"),
    ast.BitOr: ("aten::bitwise_or", "aten::__or__"),
    ast.BitAnd: ("aten::bitwise_and", "aten::__and__"),
    ast.BitXor: ("aten::bitwise_xor", "aten::__xor__"),
    ast.LShift: ("aten::__ilshift__", "aten::__lshift__"),
    ast.RShift: ("aten::__irshift__", "aten::__rshift__"),
    ast.Pow: ("aten::pow", "aten::pow"),
}
"""For tensors and lists, and for everything else."""

_METHODS: dict[type[ast.operator], str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Div: "truediv", ast.Mult: "mul", ast.Mod: "mod",
}  # fmt: skip


def emit_augmented(lowering: Lowering, node: ast.AugAssign) -> None:
    """`target op= value`"""
    target = node.target
    if isinstance(target, ast.Name):
        at = lowering.at(target)
        current = lowering.value(target)
        lowering.environment.set_value(at, target.id, _combine(lowering, node, current))
    elif isinstance(target, ast.Attribute):
        at = lowering.at(target)
        owner = lowering.sugared(target.value)
        current = owner.attribute(at, lowering, target.attr).as_value(at, lowering)
        result = _combine(lowering, node, current)
        owner.set_attribute(lowering.at(node), lowering, target.attr, result)
    else:
        _emit_item(lowering, node, target)


def _operator(lowering: Lowering, node: ast.AugAssign, kind: Type) -> str:
    names = _OPERATORS.get(type(node.op))
    if names is None:
        raise lowering.at(node).error(f"Unknown augmented assignment: {type(node.op).__name__}")
    return names[0] if is_subtype(kind, TENSOR) or isinstance(kind, ListType) else names[1]


def _combine(lowering: Lowering, node: ast.AugAssign, current: Value) -> Value:
    """The new value of the target."""
    at = lowering.at(node)
    owner = current.type
    value = lowering.value(node.value)
    if not isinstance(owner, ClassType):
        return lowering.builtin(
            at, _operator(lowering, node, owner), (NamedValue(current), NamedValue(value))
        )
    word = _METHODS.get(type(node.op))
    if word is None:
        raise at.error(f"Unknown augmented assignment: {type(node.op).__name__}")
    for name in (f"__i{word}__", f"__{word}__"):
        if name in owner.methods:
            called = MethodValue(current, name).call(CallSite(at, lowering, (NamedValue(value),), binders=0))
            return called.as_value(at, lowering)
    raise at.error(
        f"Cannot emit inplace op on {owner.repr_str} since it does not define an __i{word}__ or "
        f"__{word}__ method"
    )


def _emit_item(lowering: Lowering, node: ast.AugAssign, target: ast.Subscript) -> None:
    container = lowering.value(target.value)
    if is_subtype(container.type, TENSOR):
        _emit_tensor_item(lowering, node, target, container)
        return
    kind = container.type
    if isinstance(target.slice, ast.Tuple) and not lowering.positions.is_parenthesized_tuple(target.slice):
        raise lowering.at(target).error(
            f"Sliced expression not yet supported for {kind.repr_str} augmented assignment. File a bug if "
            "you want "
            "this"
        )
    if isinstance(kind, ListType):
        element = kind.element
    elif isinstance(kind, DictType):
        # TorchScript looks at the type of the keys here.
        element = kind.key_type
    else:
        raise lowering.at(target).error(f"{kind.repr_str} does not support augmented assignment.")
    at = lowering.at(node)
    place = (NamedValue(container), NamedValue(lowering.value(target.slice)))
    value = NamedValue(lowering.value(node.value))
    current = lowering.builtin(at, "aten::__getitem__", place)
    result = lowering.builtin(at, _operator(lowering, node, element), (NamedValue(current), value))
    lowering.builtin(at, "aten::_set_item", (*place, NamedValue(result)))


def _emit_tensor_item(lowering: Lowering, node: ast.AugAssign, target: ast.Subscript, tensor: Value) -> None:
    sliced, indices = slice_and_select(lowering, lowering.at(target), tensor, target)
    at: SourceRange = lowering.at(node)
    value = NamedValue(lowering.value(node.value))
    name = _operator(lowering, node, tensor.type)
    view = NamedValue(sliced, "self", lowering.at(target))
    if not indices:
        lowering.builtin(at, name, (value,), (), view)
        return
    packed = NamedValue(building.make_list(lowering.graph, make_optional(TENSOR), indices))
    indexed = lowering.builtin(at, "aten::index", (view, packed))
    result = lowering.builtin(at, name, (value,), (), NamedValue(indexed))
    lowering.builtin(at, "aten::index_put_", (view, packed, NamedValue(result)))


STATEMENTS = {ast.AugAssign: emit_augmented}
