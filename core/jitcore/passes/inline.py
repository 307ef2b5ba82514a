"""Inlining: calls of functions and methods are replaced by the bodies of what they call.

%f : Function = prim::Constant[name="double"]()
%y : Tensor = prim::CallFunction(%f, %x)          ->    %y : Tensor = aten::add(%x, %x, %1)
return (%y)                                             return (%y)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jitcore.ir import CallFrame, CallStack, Function, collection_paused, made_from
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.body_parts import BodyPart, body_parts
from jitcore.passes.constant_pooling import pool_constants
from jitcore.passes.rules import count, rule
from jitcore.passes.twins import offer_body, share_body
from jitcore.source import JitError, SourceError
from jitcore.types import ClassType, FunctionType

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.ir import Block, Graph, Node, Value
    from jitcore.ir.cloning import Cloner

MOST_NODES = 100_000
"""Nodes that inlining may add to a graph; the largest models have some ten thousand."""

DEEPEST = 500
"""Calls in calls; every level is copied into all above it, and real models have about twenty."""

_CALLS = ("prim::CallMethod", "prim::CallFunction")
_METHOD_OF_SAME_OBJECT = "SELF"
_UNKNOWN_INSTANCE = "INSTANCE_NAME_UNKNOWN"


class Inline(Pass):
    """Put the bodies of called functions and methods in the place of the calls.

    %y : Tensor = prim::CallMethod[name="forward"](%relu, %x)    ->    %y : Tensor = aten::relu(%x)

    A body is tidied before it is copied in (see `body_for_inlining`), as TorchScript does; so
    calls inside it are gone already. Calls on interfaces stay, since the method is only known when
    the graph runs. Every inlined node remembers the calls that led to it in its `callstack`.
    """

    name: ClassVar[str] = "inline"
    counterpart: ClassVar[str] = "_jit_pass_inline"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Inline every call in all blocks."""
        changed = _inline_block(graph.block)
        left = sum(1 for node in graph.all_nodes() if node.kind in _CALLS)
        if left:
            context.note(
                f"{count(left, 'call')} stayed: what they call is only known in a run, or not known here"
            )
        return changed


def inline_calls(graph: Graph) -> bool:
    """Put the bodies of what is called in the place of the calls; says whether there were any."""
    return _inline_block(graph.block)


@collection_paused()
def inlined_graph(function: Function) -> Graph:
    """A copy of the function's graph with everything inlined: what torch calls `.inlined_graph`."""
    graph = function.graph.copy()
    _inline_block(graph.block)
    return graph


def body_for_inlining(function: Function) -> Graph:
    """The function's body as it is copied into its callers: inlined and tidied; do not edit it.

    Computed once per function and kept in `Function.optimized`.
    """
    graph = function.optimized
    if graph is None:
        _prepare_bodies(function)
        graph = function.optimized
        assert graph is not None
    return graph


def keep_bodies_as_written(function: Function) -> None:
    """Let callers inline the function, and what it surely calls, as they are: neither inlined nor tidied.

    That is what libtorch does with functions that ran while it was told not to optimize. What does not
    compile is left as it is, for whoever asks for it to hear about.
    """
    pending = [function]
    while pending:
        current = pending.pop()
        if current.optimized is not None:
            continue
        try:
            current.optimized = current.graph.copy()
        except JitError:
            continue
        callees = (callee_of(node) for node in current.graph.block.nodes() if node.kind in _CALLS)
        pending += [callee for callee in callees if callee is not None]


def _prepare_bodies(function: Function) -> None:
    """Compute the bodies of a function and of all that it calls, innermost first and without recursion."""
    pending = [function]
    calling: set[Function] = set()
    while pending:
        current = pending[-1]
        if current.optimized is None and current not in calling:
            current.optimized = share_body(current)
        missing = [] if current in calling or current.optimized else _unprepared_callees(current)
        if missing:
            if not calling.isdisjoint(missing) or current in missing:
                raise SourceError(f"{current.qualified_name} is called recursively, so it cannot be inlined")
            if len(calling) >= DEEPEST:
                raise SourceError(
                    f"calls below {function.qualified_name} are nested more than {DEEPEST} deep"
                )
            calling.add(current)
            pending.extend(reversed(missing))
            continue
        pending.pop()
        calling.discard(current)
        if current.optimized is None:
            current.optimized = _tidied_body(current)
            offer_body(current)


def _unprepared_callees(function: Function) -> list[Function]:
    callees = (callee_of(node) for node in function.graph.all_nodes() if node.kind in _CALLS)
    return [callee for callee in dict.fromkeys(callees) if callee is not None and callee.optimized is None]


def _tidied_body(function: Function) -> Graph:
    # Whoever only inlines for a text need not wait for what tidies bodies.
    from jitcore.passes.constant_propagation import propagate_immutable_constants
    from jitcore.passes.peephole import optimize_peepholes

    graph = inlined_graph(function)
    optimize_peepholes(graph, shape_peepholes=False)
    propagate_immutable_constants(graph)
    pool_constants(graph)
    return graph


def _inline_block(block: Block, growth: _Growth | None = None) -> bool:
    changed = False
    growth = growth or _Growth()
    for node in block.nodes():
        kind = node.kind
        if kind in _CALLS:
            callee = callee_of(node)
            if callee is not None:
                growth.add(callee)
                inline_call(node, callee)
                changed = True
        elif node.blocks:
            for inner in node.blocks:
                changed |= _inline_block(inner, growth)
    return changed


class _Growth:
    """Nodes that inlining adds to one graph: thirty functions that call each other twice make a billion."""

    def __init__(self) -> None:
        self._called: list[Function] = []
        self._at_most = 0
        self._counted = 0
        self._nodes = 0
        self._sizes: dict[Function, int] = {}

    def add(self, callee: Function) -> None:
        """Count the body of `callee`; raises `JitError` if the graph becomes too large."""
        self._called.append(callee)
        self._at_most += body_for_inlining(callee).next_node_id
        if self._at_most <= MOST_NODES:
            return
        # Numbers of nodes that are gone are among them, so it takes a closer look.
        for called in self._called[self._counted :]:
            size = self._sizes.get(called)
            if size is None:
                size = self._sizes[called] = sum(1 for _ in body_for_inlining(called).all_nodes())
            self._nodes += size
        self._counted = len(self._called)
        if self._nodes > MOST_NODES:
            raise JitError(
                f"inlining {callee.qualified_name} would make a graph of more than {MOST_NODES:,} nodes; "
                "look at the methods one by one"
            )


def callee_of(node: Node) -> Function | None:
    """The function that a call node runs; None when only a run can tell (a call on an interface)."""
    target = node.inputs[0].type
    if node.kind == "prim::CallFunction":
        callee = target.function if isinstance(target, FunctionType) else None
    elif isinstance(target, ClassType):
        callee = target.methods.get(str(node.attributes["name"]))
    else:
        callee = None
    return callee if isinstance(callee, Function) else None


@rule
def inline_call(node: Node, callee: Function) -> None:
    """a call of f -> the nodes of f, reading the call's arguments"""
    graph = node.graph
    body = body_for_inlining(callee)
    is_method = node.kind == "prim::CallMethod"
    arguments = list(node.inputs)
    frame = (
        _frame(node, callee, arguments[0])
        if is_method
        else CallFrame(callee.qualified_name, node.source_range)
    )
    tells = graph.journal is not None and graph.journal.tells
    parts = body_parts(body) if tells else [BodyPart((), list(body.block.nodes()))]
    cloner = graph.cloner_of(body, arguments if is_method else arguments[1:])
    before = node.prev
    # The body has no calls left, so each call that it had is put in by itself, in the order of the nodes.
    # The call stays until all are in: only then is there something to read in its place.
    for part in parts[:-1]:
        with inline_call.step(graph, _because(node, callee, part, is_last=False), (node,)):
            _copy_part(part, cloner, node)
    with inline_call.step(graph, _because(node, callee, parts[-1], is_last=True), (node,)):
        if not is_method:
            node.remove_input(0)
        _copy_part(parts[-1], cloner, node)
        _mark_copies(before, node, frame)
        for old, result in zip(node.outputs, body.outputs, strict=True):
            new = cloner.values[result]
            if old.debug_name is not None:
                new.set_debug_name(old.debug_name)
            old.replace_all_uses_with(new)
        node.destroy()


def _copy_part(part: BodyPart, cloner: Cloner, call: Node) -> None:
    graph = call.graph
    with graph.inserting_before(call):
        for original in part.nodes:
            graph.insert(cloner.node(original))


def _because(node: Node, callee: Function, part: BodyPart, is_last: bool) -> Callable[[], str]:
    """The sentence of the step that copies `part`, made when it is asked for."""

    def because() -> str:
        results = ", ".join(f"%{output.name}" for output in node.outputs)
        called = _spoken_callee(node, callee)
        nodes = count(sum(1 + _nested(original) for original in part.nodes), "node")
        if part.calls:
            inner = ", which calls ".join(part.calls)
            said = f"{results} calls {called}, which calls {inner}: {nodes} of its body stand here"
            return f"{said}; that was the last, so the call goes" if is_last else said
        if is_last:
            return f"{results} calls {called}, so the {nodes} of its body stand here instead"
        return f"{results} calls {called}, of which the first {nodes} stand here"

    return because


def _nested(node: Node) -> int:
    return sum(1 for block in node.blocks for _ in block.all_nodes())


def _spoken_callee(node: Node, callee: Function) -> str:
    if node.kind == "prim::CallFunction":
        return callee.name
    instance = node.inputs[0]
    if node.graph.inputs and instance is node.graph.inputs[0]:
        return f"self.{callee.name}"
    path = _attribute_path(instance)
    return f"{'.'.join(path)}.{callee.name}" if path else f"%{instance.name}.{callee.name}"


def _mark_copies(before: Node | None, call: Node, frame: CallFrame) -> None:
    """Add `frame` to the call stacks of the nodes between `before` and `call`, which were just made."""
    outermost = CallStack(frame)
    provenance = made_from(call)
    made: dict[CallStack, CallStack] = {}

    def mark(node: Node) -> None:
        inner = node.callstack
        if inner is None:
            node.callstack = outermost
        else:
            stack = made.get(inner)
            if stack is None:
                stack = made[inner] = CallStack(frame, inner)
            node.callstack = stack
        node.provenance = provenance

    node = before.next if before is not None else None
    while node is not None and node is not call:
        mark(node)
        for block in node.blocks:
            for nested in block.all_nodes():
                mark(nested)
        node = node.next


def _frame(node: Node, callee: Function, instance: Value) -> CallFrame:
    """The frame of a method call: on which module it was made, and how the caller reaches that module."""
    graph_inputs = node.graph.inputs
    if instance.node.kind == "prim::GetAttr":
        name = str(instance.node.attributes["name"])
    elif graph_inputs and instance is graph_inputs[0]:
        name = _METHOD_OF_SAME_OBJECT
    else:
        name = _UNKNOWN_INSTANCE
    return CallFrame(callee.qualified_name, node.source_range, instance.type, name, _attribute_path(instance))


def _attribute_path(value: Value) -> tuple[str, ...]:
    """The attributes that lead from the graph's first input to `value`; () if something else made it."""
    path: list[str] = []
    while value.node.kind == "prim::GetAttr":
        path.append(str(value.node.attributes["name"]))
        value = value.node.inputs[0]
    is_self = bool(value.graph.inputs) and value is value.graph.inputs[0]
    return tuple(reversed(path)) if is_self else ()
