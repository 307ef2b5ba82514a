"""Numbers, strings, None, and literals of lists, tuples and dicts."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jitcore.frontend import building, container_hints
from jitcore.frontend.arguments import values_of
from jitcore.types import (
    ANY,
    ANY_LIST,
    BOOL,
    NONE,
    STRING,
    TENSOR,
    DictType,
    ListType,
    OptionalType,
    Type,
    UnionType,
    is_subtype,
    unify,
    unify_all,
    why_no_key,
)  # fmt: skip

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.frontend.sugared.simple import SimpleValue
    from jitcore.ir import Value


def emit_constant(lowering: Lowering, node: ast.Constant, binders: int, hint: Type | None) -> SimpleValue:
    """A literal."""
    value = node.value
    if isinstance(value, bool):
        return lowering.simple(lowering.constant(value, BOOL, lowering.at(node)))
    if isinstance(value, int | float | complex):
        return lowering.simple(lowering.number(value, lowering.at(node)))
    if value is None:
        return lowering.simple(lowering.constant(None, NONE, lowering.at(node)))
    at = lowering.at(node)
    if isinstance(value, str):
        return lowering.simple(lowering.constant(lowering.positions.string(node, value), STRING, at))
    if value is Ellipsis:
        raise at.error("Cannot emit expr for: (dots): `...` is only an index among others, as in x[..., 0]")
    raise at.error(f"{type(value).__name__} literals are not supported")


def emit_tuple(lowering: Lowering, node: ast.Tuple, binders: int, hint: Type | None) -> SimpleValue:
    """`(a, b)`"""
    return lowering.simple(building.make_tuple(lowering.graph, values_of(lowering, node.elts)))


def emit_list(lowering: Lowering, node: ast.List, binders: int, hint: Type | None) -> SimpleValue:
    """`[a, b]`"""
    return lowering.simple(list_literal(lowering, node, values_of(lowering, node.elts), hint))


def list_literal(lowering: Lowering, node: ast.expr, values: list[Value], hint: Type | None) -> Value:
    """A list of values, with the element type that they share or the hint asks for."""
    graph = lowering.graph
    if not values and hint is None:
        # Matches a list of any type as long as it has no name; it is a List[Tensor] afterwards.
        return building.insert(graph, "prim::EmptyListLiteral", (), ListType(TENSOR))
    at = lowering.at(node)
    element: Type = TENSOR
    refined = hint
    candidates: list[Type] = []
    if hint is not None:
        refined, candidates = container_hints.refine(at, hint, "List", lambda t: is_subtype(t, ANY_LIST))
        if refined is ANY:
            refined = None
        elif not candidates and isinstance(refined, ListType):
            element = refined.element
        if candidates and not values:
            raise at.error(
                f"Cannot assign an empty list to a variable annotated to be type {hint.repr_str} because "
                "there are "
                "multiple possible List type candidates in the Union annotation"
            )
    if values:
        wanted = refined.element if isinstance(refined, ListType) else None
        unified = unify_all([v.type for v in values], default_to_union=True, hint=wanted)
        assert unified is not None
        if candidates:
            refined = container_hints.choose_list(at, hint, candidates, unified)
            element = refined.parts[0]
        elif refined is None:
            element = unified
        elif not is_subtype(unified, element):
            raise at.error(
                f"List type annotation `{refined.repr_str}` did not match the types of the given list "
                "elements, "
                f"which were unified to {unified.repr_str}"
            )
    made = building.make_list(graph, element, values)
    if isinstance(hint, UnionType | OptionalType):
        return building.unchecked_cast(graph, made, hint)
    return made


def emit_dict(lowering: Lowering, node: ast.Dict, binders: int, hint: Type | None) -> SimpleValue:
    """`{k: v}`"""
    at = lowering.at(node)
    keys: list[Value] = []
    values: list[Value] = []
    shared: Type | None = None
    for key_node, value_node in zip(node.keys, node.values, strict=True):
        if key_node is None:
            raise lowering.at(value_node).error("** in a dict literal is not supported")
        keys.append(lowering.value(key_node))
        values.append(lowering.value(value_node))
        if shared is None:
            shared = values[0].type
            continue
        if keys[-2].type.kind != keys[-1].type.kind:
            raise lowering.at(key_node).error(
                f"Dict keys must contain only a single type. Expected: {keys[-2].type.repr_str} but found "
                f"{keys[-1].type.repr_str} instead"
            )
        shared = unify(shared, values[-1].type, default_to_union=True)
    inferred = DictType(STRING, TENSOR) if shared is None else DictType(keys[0].type, shared)
    refined: Type = inferred
    candidates: list[Type] = []
    if hint is not None:
        refined, candidates = container_hints.refine(
            at, hint, "Dict", lambda t: isinstance(t, DictType), inferred
        )
    # A type that was asked for decides before what the keys alone would give.
    why = why_no_key(inferred.key_type) if refined is inferred else None
    if why is not None:
        raise at.error(why)
    if hint is not None:
        if candidates and not values:
            raise at.error(
                f"Cannot assign an empty dict to a variable annotated to be type {hint.repr_str} because "
                "there are "
                "multiple possible Dict type candidates in the Union annotation"
            )
        if candidates and shared is not None:
            refined = container_hints.choose_dict(at, hint, candidates, keys[0].type, shared)
    assert isinstance(refined, DictType)
    if shared is not None:
        if refined.key_type != keys[0].type:
            raise at.error(
                f"Type annotation was inferred to be {refined.repr_str}but the type of keys given by the "
                "dict "
                f"literal is {keys[0].type.repr_str}"
            )
        if not is_subtype(shared, refined.value_type):
            raise at.error(
                f"Type annotation was inferred to be `{refined.repr_str}`, but the type of values given "
                "by the dict "
                f"literal is {shared.repr_str}"
            )
    made = building.make_dict(lowering.graph, refined, keys, values)
    if isinstance(hint, UnionType | OptionalType):
        made = building.unchecked_cast(lowering.graph, made, hint)
    return lowering.simple(made)


EXPRESSIONS = {ast.Constant: emit_constant, ast.Tuple: emit_tuple, ast.List: emit_list, ast.Dict: emit_dict}
