"""`isinstance`: decided now where types allow it, with the types that both answers leave."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jitcore.frontend import building
from jitcore.frontend.refinement import Condition, Refinements, RefinementSet
from jitcore.types import ANY, BOOL, Type, is_subtype, unify, unify_all, union_members

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering


def emit_is_instance(lowering: Lowering, subject: ast.expr, classes: ast.expr) -> Condition:
    """`isinstance(subject, classes)`; a variable is refined in both branches."""
    value = lowering.value(subject)
    actual = union_members((value.type,))
    asked = union_members(_classes(lowering, classes))
    matching: list[Type] = []
    other: list[Type] = []
    always = True
    for kind in actual:
        if kind is ANY:
            matching.extend(asked)
            other.append(ANY)
            always = always and matching == [ANY]
            break
        refined = _refined(kind, asked)
        if refined is None:
            other.append(kind)
            always = False
        else:
            matching.append(refined)
    if_true: Refinements = ()
    if_false: Refinements = ()
    if isinstance(subject, ast.Name):
        true_type = unify_all(matching, default_to_union=True)
        false_type = unify_all(other, default_to_union=True)
        if_true = () if true_type is None else ((subject.id, true_type),)
        if_false = () if false_type is None else ((subject.id, false_type),)
    refinements = RefinementSet(if_true, if_false)
    if always or not matching:
        return Condition(lowering.constant(always, BOOL, lowering.at(subject)), refinements, always)
    return Condition(building.make_is_instance(lowering.graph, value, asked), refinements)


def _classes(lowering: Lowering, node: ast.expr) -> list[Type]:
    if isinstance(node, ast.Tuple):
        return [kind for element in node.elts for kind in _classes(lowering, element)]
    return [lowering.type_of(node)]


def _refined(kind: Type, asked: list[Type]) -> Type | None:
    """The narrowest type that a value of type `kind` has if it is one of those asked for."""
    found: Type | None = None
    for candidate in asked:
        if is_subtype(kind, candidate):
            found = kind
        elif is_subtype(candidate, kind):
            found = candidate if found is None else unify(found, candidate)
    return found
