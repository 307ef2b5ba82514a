"""Statements that leave: return, raise, break and continue."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jitcore.frontend import building
from jitcore.frontend.loop_status import LoopStatus
from jitcore.frontend.sugared.call_site import CallSite
from jitcore.frontend.sugared.special import ExceptionClass, ExceptionMessage
from jitcore.ops.conversions import convert
from jitcore.ops.matching import NamedValue
from jitcore.types import ANY, NONE, STRING, TENSOR, is_subtype, unify

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.frontend.sugared.base import SugaredValue
    from jitcore.ir import Value
    from jitcore.source import SourceRange


def emit_return(lowering: Lowering, node: ast.Return) -> None:
    """`return value`"""
    at = lowering.at(node)
    declared = lowering.definitions[-1].declared
    if node.value is None:
        emit_return_of(lowering, at, lowering.constant(None, NONE, at))
    else:
        emit_return_of(lowering, at, lowering.value(node.value, declared))


def emit_return_of(lowering: Lowering, at: SourceRange, value: Value) -> None:
    """Return a value, converted to the declared type or unified with what was returned before."""
    graph = lowering.graph
    definition = lowering.definitions[-1]
    kind = definition.declared
    if kind is not None:
        # A forgotten return must not turn its None into a tensor.
        if not (is_subtype(value.type, TENSOR) and is_subtype(value.type, NONE)):
            value = convert(graph, at, kind, value, allow_conversions=True)
        if not is_subtype(value.type, kind):
            raise at.error(
                f"Return value was annotated as having type {kind.repr_str} but is actually of type "
                f"{value.type.repr_str}"
            )
    else:
        before = definition.merged or value.type
        kind = unify(before, value.type)
        if kind is None:
            raise at.error(
                f"Previous return statement returned a value of type {before.repr_str} but this return "
                "statement "
                f"returns a value of type {value.type.repr_str}"
            )
    definition.merged = kind
    if kind is ANY and value.type is not ANY:
        value = building.unchecked_cast(graph, value, ANY)
    graph.insert(graph.create("prim::ReturnStmt", (value,), 0))
    lowering.exited.add(lowering.environment.block)


def emit_raise(lowering: Lowering, node: ast.Raise) -> None:
    """`raise E(message)`"""
    if node.exc is None:
        raise lowering.at(node).error("a bare raise is not supported")
    raise_value(lowering, lowering.at(node), lowering.sugared(node.exc))


def raise_value(lowering: Lowering, at: SourceRange, exception: SugaredValue) -> None:
    """Raise what an expression gave."""
    class_name: Value | None = None
    if isinstance(exception, ExceptionMessage):
        message, class_name = exception.message, exception.class_name
    elif isinstance(exception, ExceptionClass):
        message = lowering.constant("", STRING, at)
    else:
        raise at.error("exceptions must derive from BaseException")
    if not is_subtype(message.type, STRING):
        message = lowering.builtin(None, "aten::str", (NamedValue(message),))
    arguments = [NamedValue(message)]
    if class_name is not None:
        arguments.append(NamedValue(class_name))
    lowering.builtin(at, "prim::RaiseException", arguments, binders=0)
    lowering.exited.add(lowering.environment.block)


def raise_assertion(lowering: Lowering, at: SourceRange, message: ast.expr | None) -> None:
    """Raise the AssertionError of a failed assertion."""
    exception = lowering.environment.get("AssertionError", at)
    text = lowering.constant("", STRING, at) if message is None else lowering.value(message)
    raise_value(lowering, at, exception.call(CallSite(at, lowering, (NamedValue(text),))))


def emit_break(lowering: Lowering, node: ast.Break) -> None:
    """`break`"""
    _leave_iteration(lowering, lowering.at(node), "break", "prim::BreakStmt")


def emit_continue(lowering: Lowering, node: ast.Continue) -> None:
    """`continue`"""
    _leave_iteration(lowering, lowering.at(node), "continue", "prim::ContinueStmt")


def _leave_iteration(lowering: Lowering, at: SourceRange, word: str, kind: str) -> None:
    if lowering.loop_status is LoopStatus.OUTSIDE:
        raise at.error(f"SyntaxError: '{word}' outside loop")
    if lowering.loop_status is LoopStatus.UNROLLED:
        raise at.error(
            "Because we emit iteration over modulelists or tuples as unrolled loops, we do not support "
            "break or "
            "continue inside the body of these loops"
        )
    node = lowering.graph.create(kind, (), 0)
    node.source_range = at
    lowering.graph.insert(node)
    # What is carried to the end of the body is read here.
    lowering.environment.emit_stores(node)


STATEMENTS = {
    ast.Return: emit_return,
    ast.Raise: emit_raise,
    ast.Break: emit_break,
    ast.Continue: emit_continue,
}
