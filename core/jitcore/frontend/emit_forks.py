"""Closures and the forks that run them.

A closure is a node with a block; after conversion to SSA it is lifted to a graph of its own.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from jitcore.frontend import building
from jitcore.frontend.loop_status import LoopStatus
from jitcore.frontend.sugared.special import ClosureValue
from jitcore.types import NONE, Argument, AwaitType, FunctionSchema, FutureType

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.frontend.sugared.base import SugaredValue
    from jitcore.frontend.sugared.call_site import CallSite
    from jitcore.ir import Block


def emit_closure(lowering: Lowering, emit_body: Callable[[Block], None]) -> ClosureValue:
    """A `prim::Closure` node whose block `emit_body` fills."""
    graph = lowering.graph
    value = building.insert(graph, "prim::Closure", (), NONE)
    block = value.node.add_block()
    with lowering.in_loop(LoopStatus.OUTSIDE), graph.inserting_at_end(block):
        lowering.begin_definition(block)
        emit_body(block)
        lowering.end_definition()
    return ClosureValue(value)


def emit_fork(site: CallSite, forked: SugaredValue, is_lazy: bool = False) -> SugaredValue:
    """Do a call of `forked` asynchronously, or when somebody waits for it; gives a future or an await."""
    at, lowering = site.at, site.lowering
    graph = lowering.graph
    node = graph.create("prim::awaitableClosure" if is_lazy else "prim::forkClosure")
    node.source_range = at
    graph.insert(node)
    with graph.inserting_before(node):
        if isinstance(forked, ClosureValue):
            closure = forked.value
        else:

            def emit_body(block: Block) -> None:
                called = forked.call(site)
                block.register_output(called.as_value(at, lowering))

            closure = emit_closure(lowering, emit_body).value
        node.add_input(closure)
    result = closure.node.blocks[0].outputs[0].type
    return lowering.simple(node.outputs[0].set_type((AwaitType if is_lazy else FutureType)(result)))


def emit_nested_definition(lowering: Lowering, node: ast.FunctionDef) -> None:
    """A function inside a function: a closure, which can be forked if it has no parameters."""
    at = lowering.at(node)
    reader = lowering.annotations
    arguments = tuple(
        Argument(parameter.arg, reader.parameter_type(parameter.annotation)[0])
        for parameter in node.args.args
    )
    returns = () if node.returns is None else (Argument("", reader.type_of(node.returns)),)
    schema = FunctionSchema(node.name, "", arguments, returns)
    closure = emit_closure(lowering, lambda block: lowering.define(node.body, at, block, schema))
    lowering.environment.set(at, node.name, closure)


STATEMENTS = {ast.FunctionDef: emit_nested_definition}
