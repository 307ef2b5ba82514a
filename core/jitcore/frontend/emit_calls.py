"""Calls, and the forms that look like calls but treat their arguments as syntax."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from jitcore.frontend import building
from jitcore.frontend.arguments import keywords_of, named_values_of, values_of
from jitcore.frontend.builtin_calls import emit_builtin_call_of_values
from jitcore.frontend.emit_conditions import check_argument_count, emit_has_attribute
from jitcore.frontend.emit_containers import emit_dict_call, emit_list_call
from jitcore.frontend.emit_forks import emit_fork
from jitcore.frontend.emit_indexing import index_by_tensors
from jitcore.frontend.emit_loops import MAX_INT
from jitcore.frontend.sugared.builtin import BuiltinFunction
from jitcore.frontend.sugared.call_site import CallSite
from jitcore.frontend.sugared.calls import ClassValue
from jitcore.frontend.sugared.iterables import IterableTree, RangeValue
from jitcore.frontend.sugared.simple import SimpleValue
from jitcore.frontend.sugared.special import SpecialForm
from jitcore.frontend.type_tests import emit_is_instance
from jitcore.ops.conversions import convert
from jitcore.types import (
    BOOL,
    COMPLEX,
    FLOAT,
    INT,
    NONE,
    ListType,
    OptionalType,
    TupleType,
    Type,
    UnionType,
    can_hold,
    is_subtype,
)  # fmt: skip

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.frontend.sugared.base import SugaredValue

Form = Callable[["Lowering", ast.Call, "Type | None"], "SugaredValue"]

_ELEMENT_NUMBERS: dict[Type, int] = {INT: 0, FLOAT: 1, BOOL: 2, COMPLEX: 3}


def emit_call(lowering: Lowering, node: ast.Call, binders: int, hint: Type | None) -> SugaredValue:
    """`f(a, b=c)`"""
    function = lowering.sugared(node.func)
    if isinstance(function, SpecialForm):
        return _FORMS[function.form](lowering, node, hint)
    at = lowering.at(node.func)
    if type(function) is BuiltinFunction and function.self_value is None and not node.keywords:
        values = values_of(lowering, node.args)
        result = SimpleValue(emit_builtin_call_of_values(lowering, at, function.name, values, binders))
    else:
        arguments = named_values_of(lowering, node.args)
        keywords = keywords_of(lowering, node.keywords) if node.keywords else ()
        result = function.call(CallSite(at, lowering, arguments, keywords, binders))
    if hint is not None and isinstance(result, SimpleValue) and result.value in lowering.guesses:
        result.value.set_type(hint)
    return result


def _fork(lowering: Lowering, node: ast.Call, hint: Type | None) -> SugaredValue:
    """fork(f, *arguments)"""
    return _delayed(lowering, node, is_lazy=False)


def _awaitable(lowering: Lowering, node: ast.Call, hint: Type | None) -> SugaredValue:
    """awaitable(f, *arguments)"""
    return _delayed(lowering, node, is_lazy=True)


def _delayed(lowering: Lowering, node: ast.Call, is_lazy: bool) -> SugaredValue:
    at = lowering.at(node)
    if not node.args:
        raise at.error(f"Expected at least one argument to {'awaitable' if is_lazy else 'fork'}()")
    delayed = lowering.sugared(node.args[0])
    arguments = named_values_of(lowering, node.args[1:])
    site = CallSite(at, lowering, arguments, keywords_of(lowering, node.keywords))
    return emit_fork(site, delayed, is_lazy)


def _annotate(lowering: Lowering, node: ast.Call, hint: Type | None) -> SugaredValue:
    """annotate(T, value)"""
    check_argument_count(lowering, node, 2)
    at = lowering.at(node)
    graph = lowering.graph
    kind = lowering.type_of(node.args[0])
    value = convert(graph, at, kind, lowering.value(node.args[1], kind), allow_conversions=True)
    if not is_subtype(value.type, kind):
        raise at.error(f"expected an expression of type {kind.repr_str} but found {value.type.repr_str}")
    holds_none = isinstance(kind, OptionalType) or (isinstance(kind, UnionType) and can_hold(kind, NONE))
    if holds_none and is_subtype(value.type, NONE):
        # A None that remembers what it could have been.
        value = building.make_none(graph, kind)
    return lowering.simple(value)


def _unchecked_cast(lowering: Lowering, node: ast.Call, hint: Type | None) -> SugaredValue:
    """unchecked_cast(T, value)"""
    check_argument_count(lowering, node, 2)
    kind = lowering.type_of(node.args[0])
    value = lowering.value(node.args[1])
    if value.node.kind != "prim::unchecked_cast" or value.type != kind:
        value = building.unchecked_cast(lowering.graph, value, kind)
    return lowering.simple(value)


def _get_attribute(lowering: Lowering, node: ast.Call, hint: Type | None) -> SugaredValue:
    """getattr(owner, "name"[, default])"""
    check_argument_count(lowering, node, 2, 3)
    owner = lowering.sugared(node.args[0])
    name = node.args[1]
    at = lowering.at(node)
    if not isinstance(name, ast.Constant) or not isinstance(name.value, str):
        raise at.error("getattr's second argument must be a string literal")
    if len(node.args) == 3 and not owner.has_attribute(at, lowering, name.value):
        return lowering.sugared(node.args[2])
    return owner.attribute(at, lowering, name.value)


def _uninitialized(lowering: Lowering, node: ast.Call, hint: Type | None) -> SugaredValue:
    """uninitialized(T)"""
    check_argument_count(lowering, node, 1)
    made = building.uninitialized(lowering.graph, lowering.type_of(node.args[0]))
    made.source_range = lowering.at(node)
    return lowering.simple(lowering.graph.insert(made).outputs[0])


def _tuple(lowering: Lowering, node: ast.Call, hint: Type | None) -> SugaredValue:
    """tuple(x)"""
    check_argument_count(lowering, node, 1)
    at = lowering.at(node)
    parts = lowering.sugared(node.args[0]).as_tuple(at, lowering)
    return lowering.simple(building.make_tuple(lowering.graph, [p.as_value(at, lowering) for p in parts]))


def _is_instance(lowering: Lowering, node: ast.Call, hint: Type | None) -> SugaredValue:
    """isinstance(x, T)"""
    check_argument_count(lowering, node, 2)
    return lowering.simple(emit_is_instance(lowering, node.args[0], node.args[1]).value)


def _has_attribute(lowering: Lowering, node: ast.Call, hint: Type | None) -> SugaredValue:
    """hasattr(x, "name")"""
    check_argument_count(lowering, node, 2)
    return lowering.simple(emit_has_attribute(lowering, node.args[0], node.args[1]).value)


def _to_list(lowering: Lowering, node: ast.Call, hint: Type | None) -> SugaredValue:
    """x.tolist(), whose type only an annotation tells"""
    at = lowering.at(node)
    assert isinstance(node.func, ast.Attribute)
    tensor = lowering.sugared(node.func.value)
    if hint is None:
        raise at.error("Expected type hint for result of tolist()")
    value = tensor.as_value(lowering.at(node.func.value), lowering)
    depth = 0
    element = hint
    while isinstance(element, ListType):
        element = element.element
        depth += 1
    number = _ELEMENT_NUMBERS.get(element)
    if number is None:
        raise at.error(
            f"{element.repr_str} is not one of the supported element types for tolist: int, float, "
            "complex, bool"
        )
    inputs = (value, lowering.constant(depth, INT), lowering.constant(number, INT))
    return lowering.simple(building.insert(lowering.graph, "prim::tolist", inputs, hint))


def _create_object(lowering: Lowering, node: ast.Call, hint: Type | None) -> SugaredValue:
    """C.__new__(C)"""
    at = lowering.at(node)
    if len(node.args) != 1:
        raise at.error("Only one argument to __new__ allowed")
    owner = lowering.sugared(node.args[0])
    if not isinstance(owner, ClassValue):
        raise at.error(f"Expected class value as argument to __new__, got {owner.kind} instead")
    return lowering.simple(building.insert(lowering.graph, "prim::CreateObject", (), owner.type, at))


def _range(lowering: Lowering, node: ast.Call, hint: Type | None) -> SugaredValue:
    """range(...)"""
    return RangeValue(lowering.at(node), lowering, values_of(lowering, node.args))


def _enumerate(lowering: Lowering, node: ast.Call, hint: Type | None) -> SugaredValue:
    """enumerate(x[, start])"""
    at = lowering.at(node)
    given = len(node.args) + len(node.keywords)
    if not node.args:
        raise at.error("enumerate expected at least 1 arguments, got 0")
    start = lowering.value(node.args[1]) if len(node.args) == 2 else None
    if given > 2:
        raise at.error(f"enumerate expected at most 2 arguments, got {given}")
    if node.keywords:
        keyword = node.keywords[0]
        if keyword.arg != "start":
            raise at.error(f"enumerate expected kwarg name 'start', got '{keyword.arg}'")
        start = lowering.value(keyword.value)
    end = lowering.number(MAX_INT, at)
    items = lowering.sugared(node.args[0]).iterate(at, lowering)
    bounds = (end,) if start is None else (start, end)
    tree = IterableTree()
    tree.add(at, RangeValue(at, lowering, bounds, items.static_length()))
    tree.add(at, items)
    return tree


def _zip(lowering: Lowering, node: ast.Call, hint: Type | None) -> SugaredValue:
    """zip(x, y)"""
    at = lowering.at(node)
    if not node.args:
        raise at.error("zip expected at least 1 arguments, got 0")
    tree = IterableTree()
    for argument in node.args:
        tree.add(at, lowering.sugared(argument).iterate(at, lowering))
    return tree


def _index(lowering: Lowering, node: ast.Call, hint: Type | None) -> SugaredValue:
    """x.__getitem__(i) of a tensor"""
    at = lowering.at(node)
    assert isinstance(node.func, ast.Attribute)
    tensor = lowering.sugared(node.func.value).as_value(at, lowering)
    if len(node.args) != 1:
        raise at.error(f"__getitem__ expected exactly 1 arguments, got {len(node.args)}")
    index = lowering.sugared(node.args[0]).as_value(at, lowering)
    is_tuple = isinstance(index.type, TupleType)
    indices = building.tuple_unpack(lowering.graph, index) if is_tuple else [index]
    return lowering.simple(index_by_tensors(lowering, at, tensor, indices))


_FORMS: dict[str, Form] = {
    "prim::fork": _fork,
    "prim::awaitable": _awaitable,
    "prim::annotate": _annotate,
    "prim::unchecked_cast": _unchecked_cast,
    "prim::GetAttr": _get_attribute,
    "prim::Uninitialized": _uninitialized,
    "prim::TupleConstruct": _tuple,
    "prim::isinstance": _is_instance,
    "prim::HasAttr": _has_attribute,
    "prim::tolist": _to_list,
    "prim::CreateObject": _create_object,
    "prim::range": _range,
    "prim::enumerate": _enumerate,
    "prim::zip": _zip,
    "prim::list": emit_list_call,
    "prim::dict": emit_dict_call,
    "aten::index": _index,
}
EXPRESSIONS = {ast.Call: emit_call}
