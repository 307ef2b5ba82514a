"""Assignments to variables, tuples, attributes and items."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING

from jitcore.frontend import building
from jitcore.frontend.emit_indexing import slice_and_select
from jitcore.frontend.sugared.builtin import BuiltinFunction, MagicMethod
from jitcore.frontend.sugared.call_site import CallSite
from jitcore.frontend.sugared.simple import SimpleValue
from jitcore.ops.matching import NamedValue
from jitcore.types import ANY_TUPLE, BOOL, COMPLEX, FLOAT, INT, NUMBER, TENSOR, is_subtype, make_optional

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.frontend.sugared.base import SugaredValue
    from jitcore.ir import Value
    from jitcore.source import SourceRange

_WRONG_TARGET = "lhs of assignment must be a variable, subscript, or starred expression"
_STARRED_ALONE = (
    "A Starred expression may only appear on the lhs within the presence of another non-starred expression"
)
_NUMBERS = (NUMBER, INT, BOOL, FLOAT, COMPLEX)


def emit_assign(lowering: Lowering, node: ast.Assign) -> None:
    """`a = b = value`"""
    if len(node.targets) == 1:
        target = node.targets[0]
        if isinstance(target, ast.Name):
            sugared = lowering.sugared(node.value)
            environment = lowering.environment
            if type(sugared) is not SimpleValue or not environment.set_plain(target.id, sugared.value):
                environment.set(lowering.at(target), target.id, sugared)
            return
        _assign_expression(lowering, lowering.at(node), target, node.value, None)
        return
    # The value is lowered once and kept in a variable that only the targets read.
    at = lowering.at(node.value)
    name = lowering.temporary("$tmp_assign_")
    lowering.environment.set(at, name, lowering.sugared(node.value))
    shared = ast.copy_location(ast.Name(name, ast.Load()), node.value)
    for target in node.targets:
        _assign_expression(lowering, lowering.at(node), target, shared, None)


def emit_annotated_assign(lowering: Lowering, node: ast.AnnAssign) -> None:
    """`a: T = value`"""
    if node.value is None:
        raise lowering.at(node).error("For an assignment, expected an expression on the right-hand side")
    _assign_expression(lowering, lowering.at(node), node.target, node.value, node.annotation)


def _assign_expression(
    lowering: Lowering, at: SourceRange, target: ast.expr, value: ast.expr, annotation: ast.expr | None
) -> None:
    if isinstance(target, ast.Name):
        kind = None if annotation is None else lowering.type_of(annotation)
        sugared = lowering.sugared(value, 1, kind)
        lowering.environment.set(lowering.at(target), target.id, sugared, kind)
    elif isinstance(target, ast.Tuple):
        binders = len(target.elts) - _check_targets(lowering, target)
        _unpack(lowering, target, lowering.sugared(value, binders), lowering.at(value), binders)
    elif isinstance(target, ast.Attribute):
        kind = None if annotation is None else lowering.type_of(annotation)
        owner = lowering.sugared(target.value)
        new = lowering.sugared(value, 1, kind).as_value(lowering.at(value), lowering)
        owner.set_attribute(at, lowering, target.attr, new)
    elif isinstance(target, ast.Subscript):
        _assign_item(lowering, at, target, lowering.value(value))
    else:
        raise lowering.at(target).error("unexpected expression on left-hand side of assignment")


def assign(lowering: Lowering, target: ast.expr, value: SugaredValue, at: SourceRange) -> None:
    """Assign what was lowered already, as loops and unpacking do."""
    if isinstance(target, ast.Name):
        lowering.environment.set(lowering.at(target), target.id, value)
    elif isinstance(target, ast.Tuple):
        binders = len(target.elts) - _check_targets(lowering, target)
        _unpack(lowering, target, value, at, binders)
    elif isinstance(target, ast.Attribute):
        owner = lowering.sugared(target.value)
        owner.set_attribute(at, lowering, target.attr, value.as_value(at, lowering))
    elif isinstance(target, ast.Subscript):
        _assign_item(lowering, at, target, value.as_value(at, lowering))
    elif isinstance(target, ast.Starred):
        raise at.error(_STARRED_ALONE)
    else:
        raise lowering.at(target).error(_WRONG_TARGET)


def _check_targets(lowering: Lowering, target: ast.Tuple) -> int:
    """How many of the targets are starred: at most one, and not alone."""
    for element in target.elts:
        if not isinstance(element, ast.Name | ast.Subscript | ast.Tuple | ast.Attribute | ast.Starred):
            raise lowering.at(element).error(_WRONG_TARGET)
    starred = sum(isinstance(e, ast.Starred) for e in target.elts)
    if starred > 1:
        raise lowering.at(target).error("Only one starred expression is allowed on the lhs")
    if starred == len(target.elts) == 1:
        raise lowering.at(target).error(_STARRED_ALONE)
    return starred


def _unpack(
    lowering: Lowering, target: ast.Tuple, value: SugaredValue, at: SourceRange, binders: int
) -> None:
    has_star = binders < len(target.elts)
    parts = value.as_tuple(at, lowering, None if has_star else binders)
    if len(parts) < binders:
        raise lowering.at(target).error(
            f"need {'at least ' if has_star else ''}{binders} values to unpack but found only {len(parts)}"
        )
    if len(parts) > binders and not has_star:
        raise lowering.at(target).error(f"too many values to unpack: need {binders} but found {len(parts)}")
    place = 0
    for element in target.elts:
        if isinstance(element, ast.Starred):
            matched = len(parts) - binders
            _assign_rest(lowering, element, parts[place : place + matched])
            place += matched
        else:
            assign(lowering, element, parts[place], at)
            place += 1


def _assign_rest(lowering: Lowering, target: ast.Starred, parts: Sequence[SugaredValue]) -> None:
    name = target.value
    if not isinstance(name, ast.Name):
        raise lowering.at(name).error("Cannot pack a tuple into a non-variable")
    at = lowering.at(target)
    packed = building.make_tuple(lowering.graph, [p.as_value(at, lowering) for p in parts])
    lowering.environment.set_value(lowering.at(name), name.id, packed)


def _assign_item(lowering: Lowering, at: SourceRange, target: ast.Subscript, value: Value) -> None:
    """`container[index] = value`"""
    container = lowering.value(target.value)
    if is_subtype(container.type, TENSOR):
        _assign_tensor_item(lowering, at, target, container, value)
        return
    where = lowering.at(target)
    if isinstance(target.slice, ast.Slice) or (
        isinstance(target.slice, ast.Tuple) and not _is_one_index(lowering, target.slice)
    ):
        raise where.error(
            "Sliced expression not yet supported for subscripted assignment. File a bug if you want this"
        )
    if is_subtype(container.type, ANY_TUPLE):
        raise where.error(f"{container.type.repr_str} does not support subscripted assignment")
    arguments = [NamedValue(container), NamedValue(lowering.value(target.slice)), NamedValue(value)]
    setter = MagicMethod("__setitem__", BuiltinFunction("aten::_set_item"))
    setter.call(CallSite(at, lowering, arguments, binders=0))


def _is_one_index(lowering: Lowering, node: ast.Tuple) -> bool:
    return lowering.positions.is_parenthesized_tuple(node)


def _assign_tensor_item(
    lowering: Lowering, at: SourceRange, target: ast.Subscript, tensor: Value, value: Value
) -> None:
    sliced, indices = slice_and_select(lowering, lowering.at(target), tensor, target)
    value = _to_tensor_like(lowering, value, sliced)
    if not indices:
        lowering.builtin(at, "aten::copy_", (NamedValue(sliced), NamedValue(value)))
        return
    packed = building.make_list(lowering.graph, make_optional(TENSOR), indices)
    lowering.builtin(at, "aten::index_put_", (NamedValue(sliced), NamedValue(packed), NamedValue(value)))


def _to_tensor_like(lowering: Lowering, value: Value, like: Value) -> Value:
    """A number as a tensor of the dtype and on the device of `like`; other values as they are."""
    if value.type not in _NUMBERS:
        return value
    dtype = lowering.builtin(None, "prim::dtype", (NamedValue(like),))
    device = lowering.builtin(None, "prim::device", (NamedValue(like),))
    keywords = (NamedValue(dtype, "dtype"), NamedValue(device, "device"))
    return lowering.builtin(None, "aten::tensor", (NamedValue(value),), keywords)


def emit_expression(lowering: Lowering, node: ast.Expr) -> None:
    """An expression for its effect."""
    lowering.sugared(node.value, 0)


STATEMENTS = {ast.Assign: emit_assign, ast.AnnAssign: emit_annotated_assign, ast.Expr: emit_expression}
