"""Conditions: and, or, not, is, isinstance, hasattr, conversion to bool; conditional expressions."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from jitcore.frontend import building, emit_operators
from jitcore.frontend.refinement import Condition, Refinements, RefinementSet
from jitcore.frontend.sugared.call_site import CallSite
from jitcore.frontend.type_tests import emit_is_instance
from jitcore.ops.matching import NamedValue
from jitcore.source import SourceError
from jitcore.types import BOOL, NONE, OptionalType, Type, UnionType, can_hold, is_subtype, subtract, unify

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.frontend.sugared.simple import SimpleValue
    from jitcore.ir import Block, Value
    from jitcore.source import SourceRange

MOST_OPERANDS: Final = 10_000
"""Operands of one `and`, `or` or chain of comparisons, which are a few in a program that a person wrote."""


def emit_condition(lowering: Lowering, node: ast.expr) -> Condition:
    """Lower an expression as a condition, with its refinements and its static value if it has one."""
    if isinstance(node, ast.BoolOp):
        return _emit_bool_operation(lowering, node)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return _negate(lowering, lowering.at(node), emit_condition(lowering, node.operand))
    if isinstance(node, ast.Compare):
        operator = node.ops[-1]
        if len(node.ops) == 1 and isinstance(operator, ast.Is | ast.IsNot):
            return _emit_is(lowering, node, isinstance(operator, ast.Is))
        if len(node.ops) == 1 and isinstance(operator, ast.NotIn):
            at = lowering.at(node)
            left, right = lowering.value(node.left), lowering.value(node.comparators[0])
            found = emit_operators.comparison(lowering, at, ast.In(), left, right).as_value(at, lowering)
            return _negate(lowering, at, _as_bool(lowering, at, found))
        if any(isinstance(o, ast.Is | ast.IsNot | ast.NotIn) for o in node.ops):
            raise lowering.at(node).error("chains of `is`, `is not` and `not in` are not supported")
    if isinstance(node, ast.Call):
        function = node.func
        if isinstance(function, ast.Name) and function.id in ("isinstance", "hasattr"):
            check_argument_count(lowering, node, 2)
            if function.id == "hasattr":
                return emit_has_attribute(lowering, node.args[0], node.args[1])
            return emit_is_instance(lowering, node.args[0], node.args[1])
        # TorchScript lowers the callee to see what it is, and again with the call: both leave their nodes.
        callee = lowering.sugared(function)
        if callee.kind == "isinstance":
            check_argument_count(lowering, node, 2)
            return emit_is_instance(lowering, node.args[0], node.args[1])
    return _as_bool(lowering, lowering.at(node), lowering.value(node))


def _as_bool(lowering: Lowering, at: SourceRange, value: Value) -> Condition:
    result = emit_to_bool(lowering, at, value)
    static: bool | None = None
    kind = result.node.kind
    if kind == "aten::is_scripting":
        static = True
    elif kind == "aten::has_torch_function":
        static = False
    is_constant, constant = building.constant_of(result)
    if is_constant:
        static = bool(constant)
    return Condition(result, static=static)


def emit_to_bool(lowering: Lowering, at: SourceRange, value: Value) -> Value:
    """`bool(value)` as a condition does it."""
    cast = lowering.environment.get("bool", at)
    try:
        result = cast.call(CallSite(at, lowering, (NamedValue(value),), binders=0)).as_value(at, lowering)
    except SourceError:
        raise at.error(f"Could not cast value of type {value.type.repr_str} to bool") from None
    if not is_subtype(result.type, BOOL):
        raise at.error(f"expected a bool expression for condition but found {result.type.repr_str}")
    return result


def _negate(lowering: Lowering, at: SourceRange, condition: Condition) -> Condition:
    value = lowering.builtin(at, "aten::__not__", (NamedValue(condition.value),))
    static = None if condition.static is None else not condition.static
    return Condition(value, condition.refinements.negated(), static)


def _emit_bool_operation(lowering: Lowering, node: ast.BoolOp) -> Condition:
    """Operands joined from the left; what is not reached is not computed."""
    is_or = isinstance(node.op, ast.Or)
    if len(node.values) > MOST_OPERANDS:
        raise lowering.at(node.values[0]).error(f"more than {MOST_OPERANDS:,} conditions in one expression")
    first = node.values[0]
    joined = emit_condition(lowering, first)
    for right in node.values[1:]:
        joined = _join(lowering, lowering.positions.between(first, right), joined, right, is_or)
    return joined


def _join(
    lowering: Lowering, at: SourceRange, left: Condition, right_node: ast.expr, is_or: bool
) -> Condition:
    right: list[Condition] = []

    def emit_right() -> Value:
        right.append(emit_condition(lowering, right_node))
        return right[0].value

    def emit_known() -> Value:
        return lowering.constant(is_or, BOOL, at)

    if is_or:
        result = emit_if_expression(lowering, at, left, emit_known, emit_right)
        refinements = left.refinements.either(right[0].refinements)
    else:
        result = emit_if_expression(lowering, at, left, emit_right, emit_known)
        refinements = left.refinements.both(right[0].refinements)
    static: bool | None = None
    if left.static is is_or or right[0].static is is_or:
        static = is_or
    elif left.static is not None and right[0].static is not None:
        static = not is_or
    return Condition(result, refinements, static)


def _can_be_none(value: Value) -> bool | None:
    """True: always; False: never; None: maybe."""
    kind = value.type
    # A read of a variable that holds None has no node that would say so.
    if kind is NONE or value.node.must_be_none():
        return True
    if isinstance(kind, OptionalType) or (isinstance(kind, UnionType) and can_hold(kind, NONE)):
        return None
    return False


def _emit_is(lowering: Lowering, node: ast.Compare, is_is: bool) -> Condition:
    at = lowering.at(node)
    left_node, right_node = node.left, node.comparators[0]
    left = lowering.value(left_node)
    right = lowering.value(right_node)
    left_none, right_none = _can_be_none(left), _can_be_none(right)
    if left_none is not None and right_none is not None and (left_none or right_none):
        answer = is_is if left_none and right_none else not is_is
        return Condition(lowering.constant(answer, BOOL, at), static=answer)
    name = "aten::__is__" if is_is else "aten::__isnot__"
    value = lowering.builtin(at, name, (NamedValue(left), NamedValue(right)))
    if _is_none(left_node) and not _is_none(right_node):
        left_node, right_node, left = right_node, left_node, right
    if not _is_none(right_node) or not isinstance(left_node, ast.Name):
        return Condition(value)
    present: Refinements = ()
    kind = left.type
    if isinstance(kind, OptionalType):
        present = ((left_node.id, kind.element),)
    elif isinstance(kind, UnionType):
        remaining = subtract(kind, (NONE,))
        present = () if remaining is None else ((left_node.id, remaining),)
    return Condition(value, RefinementSet((), present) if is_is else RefinementSet(present, ()))


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def emit_has_attribute(lowering: Lowering, owner: ast.expr, name: ast.expr) -> Condition:
    """`hasattr(owner, "name")`, which is known now."""
    sugared = lowering.sugared(owner)
    if not isinstance(name, ast.Constant) or not isinstance(name.value, str):
        raise lowering.at(name).error("hasattr's second argument must be a string literal")
    at = lowering.at(owner)
    answer = sugared.has_attribute(at, lowering, name.value)
    return Condition(lowering.constant(answer, BOOL, at), static=answer)


def check_argument_count(lowering: Lowering, node: ast.Call, least: int, most: int | None = None) -> None:
    """Raise unless the call has `least` to `most` positional arguments and no keywords."""
    most = least if most is None else most
    name = ast.unparse(node.func)
    if not least <= len(node.args) <= most:
        expected = (
            f"expected exactly {least} arguments" if least == most
            else f"expected to have number of arguments between {least} and {most}"
        )  # fmt: skip
        raise lowering.at(node).error(f"{name} {expected} but found {len(node.args)}")
    if node.keywords:
        raise lowering.at(node).error(f"{name} takes no keyword arguments")


def insert_refinements(lowering: Lowering, at: SourceRange, refinements: Refinements) -> None:
    """Give variables the types that they are known to have here."""
    environment = lowering.environment
    for name, kind in refinements:
        value = environment.get_value(name, at)
        environment.set_value(at, name, building.unchecked_cast(lowering.graph, value, kind))


def emit_conditional(lowering: Lowering, node: ast.IfExp, binders: int, hint: Type | None) -> SimpleValue:
    """`a if c else b`"""
    condition = emit_condition(lowering, node.test)
    if condition.static is not None:
        return lowering.simple(lowering.value(node.body if condition.static else node.orelse, hint))
    result = emit_if_expression(
        lowering,
        lowering.at(node),
        condition,
        lambda: lowering.value(node.body, hint),
        lambda: lowering.value(node.orelse, hint),
    )
    return lowering.simple(result)


def emit_if_expression(
    lowering: Lowering,
    at: SourceRange,
    condition: Condition,
    if_true: Callable[[], Value],
    if_false: Callable[[], Value],
) -> Value:
    """A `prim::If` with one result."""
    graph = lowering.graph
    node = graph.create("prim::If", (condition.value,), 0)
    node.source_range = at
    graph.insert(node)
    true_block, false_block = node.add_block(), node.add_block()
    true_type = _emit_branch(lowering, at, true_block, condition.refinements.if_true, if_true)
    false_type = _emit_branch(lowering, at, false_block, condition.refinements.if_false, if_false)
    unified = unify(true_type, false_type)
    if unified is None:
        raise at.error(
            f"if-expression's true branch has type {true_type.repr_str} but false branch has type "
            f"{false_type.repr_str}"
        )
    return node.add_output(unified)


def _emit_branch(
    lowering: Lowering, at: SourceRange, block: Block, refinements: Refinements, emit: Callable[[], Value]
) -> Type:
    lowering.push_frame(block)
    with lowering.graph.inserting_at_end(block):
        insert_refinements(lowering, at, refinements)
        value = emit()
        block.register_output(value)
    lowering.pop_frame()
    return value.type


def emit_bool_expression(
    lowering: Lowering, node: ast.BoolOp, binders: int, hint: Type | None
) -> SimpleValue:
    """`a and b`"""
    return lowering.simple(emit_condition(lowering, node).value)


EXPRESSIONS = {ast.BoolOp: emit_bool_expression, ast.IfExp: emit_conditional}
