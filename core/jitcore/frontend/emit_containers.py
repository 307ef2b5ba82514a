"""`list(...)` and `dict(...)`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jitcore.frontend import building
from jitcore.frontend.emit_comprehensions import dict_by_loop, list_by_loop
from jitcore.frontend.emit_conditions import check_argument_count
from jitcore.frontend.sugared.simple import SimpleValue
from jitcore.ops.matching import NamedValue
from jitcore.source import SourceError
from jitcore.types import STRING, TENSOR, DictType, ListType, OptionalType, Type, UnionType, is_subtype

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.frontend.sugared.base import SugaredValue
    from jitcore.ir import Value


def emit_list_call(lowering: Lowering, node: ast.Call, hint: Type | None) -> SugaredValue:
    """`list()`, `list(x)`"""
    at = lowering.at(node)
    if not node.args and not node.keywords:
        kind = ListType(TENSOR) if hint is None else hint
        if not isinstance(kind, ListType):
            raise at.error(f"Expected list type annotation for list(), found {kind.repr_str}")
        return lowering.simple(building.make_list(lowering.graph, kind.element, ()))
    check_argument_count(lowering, node, 1)
    items = lowering.sugared(node.args[0])
    if isinstance(items, SimpleValue) and (
        isinstance(items.value.type, ListType) or items.value.type is STRING
    ):
        return lowering.simple(lowering.builtin(at, "aten::list", (NamedValue(items.value),)))
    iterable = _temporary(lowering, node, "$_iter", items)
    element = ast.copy_location(ast.Name(lowering.temporary("$_elem"), ast.Store()), node)
    return lowering.simple(
        list_by_loop(lowering, at, element, iterable, lambda: lowering.value(element), hint)
    )


def _temporary(lowering: Lowering, node: ast.Call, prefix: str, value: SugaredValue) -> ast.Name:
    """Put `value` into a variable of its own."""
    name = lowering.temporary(prefix)
    lowering.environment.set(lowering.at(node), name, value)
    return ast.copy_location(ast.Name(name, ast.Load()), node)


def emit_dict_call(lowering: Lowering, node: ast.Call, hint: Type | None) -> SugaredValue:
    """`dict()`, `dict(x)`, `dict(pairs)`, each with keywords"""
    at = lowering.at(node)
    refined = _dict_hint(lowering, node, hint)
    arguments = node.args
    if arguments:
        # Lowered to see what it is; pairs are lowered again below.
        try:
            items = lowering.sugared(arguments[0], 1, hint)
        except SourceError:
            items = lowering.sugared(arguments[0])
        if isinstance(items, SimpleValue) and isinstance(items.value.type, DictType):
            copied = lowering.builtin(at, "aten::dict", (NamedValue(items.value),))
            _add_keywords(lowering, node, copied)
            _cast_for_nobody(lowering, copied, hint)
            return lowering.simple(copied)
        if _is_empty_literal(arguments[0]):
            arguments = []
    if not arguments and not node.keywords:
        kind = refined or DictType(STRING, TENSOR)
        if not isinstance(kind, DictType):
            raise at.error(f"Expected a type annotation of Dict for dict constructor dict(), got {hint}")
        return lowering.simple(building.make_dict(lowering.graph, kind, (), ()))
    keywords = node.keywords
    takes_pairs = not arguments or isinstance(arguments[0], ast.List)
    if (keywords and takes_pairs) or (arguments and isinstance(arguments[0], ast.Dict)):
        arguments, keywords = [_pairs(node, arguments)], []
    check_argument_count(lowering, ast.copy_location(ast.Call(node.func, arguments, keywords), node), 1)
    result = _dict_of_pairs(lowering, node, lowering.sugared(arguments[0]), refined)
    _cast_for_nobody(lowering, result, hint)
    return lowering.simple(result)


def _cast_for_nobody(lowering: Lowering, result: Value, hint: Type | None) -> None:
    """Emit the cast to a declared Union, which torch emits and then does not use: it counts as a value."""
    if isinstance(hint, UnionType | OptionalType):
        building.unchecked_cast(lowering.graph, result, hint)


def _pairs(node: ast.Call, arguments: list[ast.expr]) -> ast.expr:
    """The pairs of a list or of a literal, and the keywords, as one list."""
    given = arguments[0] if arguments else None
    pairs: list[ast.expr] = list(given.elts) if isinstance(given, ast.List) else []
    if isinstance(given, ast.Dict):
        entries = zip(given.keys, given.values, strict=True)
        pairs = [ast.copy_location(ast.Tuple([k, v], ast.Load()), node) for k, v in entries if k]
    for keyword in node.keywords:
        name = ast.copy_location(ast.Constant(keyword.arg), node)
        pairs.append(ast.copy_location(ast.Tuple([name, keyword.value], ast.Load()), node))
    return ast.copy_location(ast.List(pairs, ast.Load()), node)


def _dict_hint(lowering: Lowering, node: ast.Call, hint: Type | None) -> Type | None:
    """What the hint asks for of a dict; where that is none, what is made of it may be refused."""
    if isinstance(hint, OptionalType):
        return hint.element
    if not isinstance(hint, UnionType):
        return hint
    candidates = [part for part in hint.parts if isinstance(part, DictType)]
    if len(candidates) > 1:
        raise lowering.at(node).error(
            f"There are multiple candidate Dict types in the Union type annotation `{hint.repr_str}`, and "
            "full type "
            "inference is not yet supported for the `dict()` constructor."
        )
    return candidates[0] if candidates else hint


def _is_empty_literal(node: ast.expr) -> bool:
    return (isinstance(node, ast.Dict) and not node.keys) or (isinstance(node, ast.List) and not node.elts)


def _dict_of_pairs(lowering: Lowering, node: ast.Call, items: SugaredValue, hint: Type | None) -> Value:
    key = ast.copy_location(ast.Name(lowering.temporary("$_key"), ast.Store()), node)
    value = ast.copy_location(ast.Name(lowering.temporary("$_value"), ast.Store()), node)
    target = ast.copy_location(ast.Tuple([key, value], ast.Store()), node)
    iterable = _temporary(lowering, node, "$_iter", items)

    def emit_pair() -> tuple[Value, Value]:
        return lowering.value(key), lowering.value(value)

    return dict_by_loop(lowering, lowering.at(node), target, iterable, emit_pair, hint)


def _add_keywords(lowering: Lowering, node: ast.Call, result: Value) -> None:
    kind = result.type
    assert isinstance(kind, DictType)
    for keyword in node.keywords:
        at = lowering.at(keyword)
        if keyword.arg is None:
            raise at.error("** in a call is not supported")
        key = lowering.constant(keyword.arg, STRING, at)
        value = lowering.value(keyword.value)
        if kind.key_type is not STRING:
            raise at.error(
                "Generated key type str did not match the annotated key type, which was "
                f"{kind.key_type.repr_str}"
            )
        if not is_subtype(value.type, kind.value_type):
            raise at.error(
                f"Generated value type {value.type.repr_str} did not match the annotated value type, "
                "which was "
                f"{kind.value_type.repr_str}"
            )
        pair = (NamedValue(result, "self", at), NamedValue(key), NamedValue(value))
        lowering.builtin(at, "aten::_set_item", pair)
