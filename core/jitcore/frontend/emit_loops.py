"""`for` and `while` loops.

A loop is emitted with two blocks, the body and the condition; conversion to SSA puts the condition
where it belongs.

    while i < n:              = prim::Loop(%max)
        i = f(i)                block0(%trip : int):  body
                                block1():             condition -> (%c)
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from jitcore.frontend.emit_assignments import assign
from jitcore.frontend.emit_conditions import emit_to_bool
from jitcore.frontend.loop_status import LoopStatus
from jitcore.types import BOOL, INT

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.frontend.sugared.base import SugaredValue
    from jitcore.source import SourceRange

MAX_INT = (1 << 63) - 1
"""Trip count of a loop that ends by its condition."""


def emit_for(lowering: Lowering, node: ast.For) -> None:
    """`for target in iterable: ...`"""
    if node.orelse:
        raise lowering.at(node).error("else branches of for loops aren't supported")
    emit_for_each(lowering, lowering.at(node), node.target, node.iter, lambda: lowering.statements(node.body))


def emit_for_each(
    lowering: Lowering, at: SourceRange, target: ast.expr, iterable: ast.expr, emit_body: Callable[[], None]
) -> None:
    """Loop over an iterable; one of known length that may hold different types is unrolled."""
    items = lowering.sugared(iterable).iterate(at, lowering)
    length = items.static_length()
    if length is None:
        emit_loop(lowering, at, emit_body, items, target, None)
        return
    with lowering.in_loop(LoopStatus.UNROLLED):
        for place in range(length):
            item = items.item(at, lowering, lowering.number(place, at))
            assign(lowering, target, item, lowering.at(target))
            emit_body()


def emit_while(lowering: Lowering, node: ast.While) -> None:
    """`while test: ...`"""
    if node.orelse:
        raise lowering.at(node).error("else branches of while loops aren't supported")
    emit_loop(lowering, lowering.at(node), lambda: lowering.statements(node.body), None, None, node.test)


def emit_loop(
    lowering: Lowering,
    at: SourceRange,
    emit_body: Callable[[], None],
    items: SugaredValue | None,
    target: ast.expr | None,
    test: ast.expr | None,
) -> None:
    """A `prim::Loop` over `items`, or as long as `test` holds."""
    graph = lowering.graph
    trip_count = lowering.number(MAX_INT, at) if items is None else items.length(at, lowering)
    node = graph.create("prim::Loop", (), 0)
    node.source_range = at
    graph.insert(node)
    body, condition = node.add_block(), node.add_block()
    lowering.push_frame(condition)
    if test is None:
        with graph.inserting_before(node):
            go_on = lowering.constant(True, BOOL, at)
    else:
        with graph.inserting_at_end(condition), lowering.every_read_emitted():
            go_on = emit_to_bool(lowering, lowering.at(test), lowering.value(test))
    condition.register_output(go_on)
    lowering.pop_frame()
    node.add_input(trip_count)

    with lowering.in_loop(LoopStatus.INSIDE):
        counter = body.add_input("", INT)
        lowering.push_frame(body)
        with graph.inserting_at_end(body):
            if items is not None and target is not None:
                item = items.item(at, lowering, counter).as_value(at, lowering)
                assign(lowering, target, lowering.simple(item), at)
            emit_body()
        lowering.pop_frame()


STATEMENTS = {ast.For: emit_for, ast.While: emit_while}
