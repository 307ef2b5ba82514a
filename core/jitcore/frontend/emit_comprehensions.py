"""List and dict comprehensions: a container, and a loop that fills it in a scope of its own."""

from __future__ import annotations

import ast
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from jitcore.frontend import building, container_hints
from jitcore.frontend.emit_loops import emit_for_each
from jitcore.ops.matching import NamedValue
from jitcore.types import (
    ANY,
    ANY_LIST,
    STRING,
    TENSOR,
    DictType,
    ListType,
    OptionalType,
    Type,
    UnionType,
    is_subtype,
    unify,
    why_no_key,
)

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.frontend.sugared.simple import SimpleValue
    from jitcore.ir import Value
    from jitcore.source import SourceRange


def emit_list_comprehension(
    lowering: Lowering, node: ast.ListComp, binders: int, hint: Type | None
) -> SimpleValue:
    """`[f(x) for x in xs]`"""
    at = lowering.at(node)
    target, iterable = _only_generator(lowering, node, node.generators)
    return lowering.simple(
        list_by_loop(lowering, at, target, iterable, lambda: lowering.value(node.elt), hint)
    )


def emit_dict_comprehension(
    lowering: Lowering, node: ast.DictComp, binders: int, hint: Type | None
) -> SimpleValue:
    """`{k: v for x in xs}`"""
    at = lowering.at(node)
    target, iterable = _only_generator(lowering, node, node.generators)

    def emit_pair() -> tuple[Value, Value]:
        return lowering.value(node.key), lowering.value(node.value)

    return lowering.simple(dict_by_loop(lowering, at, target, iterable, emit_pair, hint))


def _only_generator(
    lowering: Lowering, node: ast.expr, generators: list[ast.comprehension]
) -> tuple[ast.expr, ast.expr]:
    if len(generators) != 1:
        raise lowering.at(node).error("Only a single generator is currently supported")
    generator = generators[0]
    if generator.ifs:
        raise lowering.at(node).error("Comprehension ifs are not supported yet")
    return generator.target, generator.iter


@contextmanager
def _scope(lowering: Lowering, at: SourceRange) -> Generator[None, None, None]:
    """A block whose variables do not leave it."""
    graph = lowering.graph
    scope = graph.create("prim::ComprehensionScope", (), 0)
    scope.source_range = at
    graph.insert(scope)
    block = scope.add_block()
    lowering.push_frame(block)
    with graph.inserting_at_end(block):
        yield
    lowering.pop_frame()


def list_by_loop(
    lowering: Lowering,
    at: SourceRange,
    target: ast.expr,
    iterable: ast.expr,
    emit_element: Callable[[], Value],
    hint: Type | None,
) -> Value:
    """A list of what `emit_element` gives for each item; its type is settled while the body is emitted."""
    made = building.insert(lowering.graph, "prim::ListConstruct", (), ListType(TENSOR))
    refined: Type | None = None
    candidates: list[Type] = []
    if hint is not None and hint is not ANY:
        refined, candidates = container_hints.refine(at, hint, "List", lambda t: is_subtype(t, ANY_LIST))
        if not candidates:
            made.set_type(refined)
        else:
            refined = None
    state: list[Type] = []

    def emit_body() -> None:
        nonlocal refined
        element = emit_element()
        if not state:
            # The List[Tensor] of an empty list is not to be unified with the first element.
            state.append(element.type)
            made.set_type(ListType(element.type))
        wanted = refined.element if isinstance(refined, ListType) else None
        assert isinstance(made.type, ListType)
        unified = unify(made.type.element, element.type, default_to_union=True, hint=wanted)
        assert unified is not None
        if candidates:
            refined = container_hints.choose_list(at, hint, candidates, unified)
        elif refined is None:
            refined = ListType(unified)
        elif wanted is not None and not is_subtype(unified, wanted):
            raise at.error(
                f"List type annotation `{refined.repr_str}` did not match the types of the given list "
                "elements, which "
                f"were unified to {unified.repr_str}"
            )
        made.set_type(refined)
        element.set_type(refined.parts[0])
        lowering.builtin(at, "aten::append", (NamedValue(element),), (), NamedValue(made, "self", at))

    with _scope(lowering, at):
        emit_for_each(lowering, at, target, iterable, emit_body)
    return made


def dict_by_loop(
    lowering: Lowering,
    at: SourceRange,
    target: ast.expr,
    iterable: ast.expr,
    emit_pair: Callable[[], tuple[Value, Value]],
    hint: Type | None,
) -> Value:
    """A dict of the pairs that `emit_pair` gives for each item."""
    made = building.insert(lowering.graph, "prim::DictConstruct", (), DictType(STRING, TENSOR))
    refined: Type | None = None
    candidates: list[Type] = []
    if hint is not None and hint is not ANY:
        refined, candidates = container_hints.refine(at, hint, "Dict", lambda t: isinstance(t, DictType))
        if not candidates:
            made.set_type(refined)
    first_key: Type | None = None

    def emit_body() -> None:
        nonlocal refined, first_key
        key, value = emit_pair()
        if isinstance(key.type, UnionType):
            raise at.error(
                "Dicts may only contain homogeneous keys, but the type of the first generated key was "
                f"{key.type.repr_str}"
            )
        if first_key is not None and first_key != key.type:
            raise at.error(
                "Dicts may only contain homogeneous keys. Expected dict comprehension to generate type "
                f"{first_key.repr_str}, but got {key.type.repr_str}"
            )
        first_key = key.type
        why = why_no_key(key.type)
        if why is not None:
            raise at.error(why)
        result: Type = DictType(key.type, value.type)
        if candidates and hint is not None:
            result = refined = container_hints.choose_dict(at, hint, candidates, key.type, value.type)
        elif isinstance(refined, DictType):
            _check_pair(at, refined, key.type, value.type)
            result = refined
        made.set_type(result)
        key.set_type(result.parts[0])
        value.set_type(result.parts[1])
        lowering.builtin(
            at, "aten::_set_item", (NamedValue(made, "self", at), NamedValue(key), NamedValue(value))
        )

    with _scope(lowering, at):
        emit_for_each(lowering, at, target, iterable, emit_body)
        # Inside: a variable to which it is assigned does not name what stands in another block.
        if isinstance(hint, UnionType | OptionalType):
            return building.unchecked_cast(lowering.graph, made, hint)
    return made


def _check_pair(at: SourceRange, wanted: DictType, key: Type, value: Type) -> None:
    for what, expected, actual in (("key", wanted.key_type, key), ("value", wanted.value_type, value)):
        if not is_subtype(actual, expected):
            raise at.error(
                f"Dict type annotation `{wanted.repr_str}` did not match the type of an actual {what} type "
                f"`{actual.repr_str}`"
            )


EXPRESSIONS = {ast.ListComp: emit_list_comprehension, ast.DictComp: emit_dict_comprehension}
