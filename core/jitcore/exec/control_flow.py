"""Compiles `prim::If`, `prim::Loop` and what runs other graphs: calls, forks, context managers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import torch

from jitcore.exec.custom_classes import (
    call_custom_method,
    is_custom_class,
    make_custom_object,
    short_name,
    static_method,
)
from jitcore.exec.errors import EndlessCallsError, ExecutionError, MissingOperatorError
from jitcore.exec.operator_sorts import why_not_made
from jitcore.exec.plan import FAILURES, PlanBuilder, handles
from jitcore.exec.steps import Frame, Step, fetch
from jitcore.ir import Await, Function, Graph, ScriptObject
from jitcore.ops.autocast_lists import is_autocast
from jitcore.ops.custom_classes import NativeStaticMethod
from jitcore.types import ClassType, FunctionType

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jitcore.exec.plan import BlockPlan, GraphPlan
    from jitcore.ir import Block, Node, Value


@handles("prim::If")
def branch(builder: PlanBuilder, node: Node) -> Step:
    """Runs one of two blocks, whose results become the node's."""
    condition = builder.slot(node.inputs[0])
    builder.slots(node.outputs)
    then_block, then_move = _arm(builder, node, node.blocks[0])
    else_block, else_move = _arm(builder, node, node.blocks[1])

    def run_branch(frame: Frame) -> None:
        if frame[condition]:
            then_block.run(frame)
            if then_move is not None:
                then_move(frame)
        else:
            else_block.run(frame)
            if else_move is not None:
                else_move(frame)

    return run_branch


def _arm(builder: PlanBuilder, node: Node, block: Block) -> tuple[BlockPlan, Step | None]:
    """The plan of one arm, and what moves the results that were not made in the node's own slots."""
    moved: list[tuple[Value, Value]] = []
    for result, output in zip(block.outputs, node.outputs, strict=True):
        is_own = result.node.block is block and not result.node.is_constant
        if not (is_own and builder.share(result, output)):
            moved.append((result, output))
    plan = builder.block(block)
    if not moved:
        return plan, None
    get = fetch(builder.slots([result for result, _ in moved]))
    put = builder.store([output for _, output in moved])

    def move(frame: Frame) -> None:
        put(frame, get(frame))

    return plan, move


@handles("prim::Loop")
def loop(builder: PlanBuilder, node: Node) -> Step:
    """Runs its block while the condition holds and the trip count is not reached."""
    block = node.blocks[0]
    trip_count, first_condition = builder.slots(node.inputs[:2])
    emptied = builder.take_moved(node, node.inputs[2:])
    initial = fetch(builder.slots(node.inputs[2:]))
    iteration, *carried = builder.slots(block.inputs)
    put = builder.store(block.inputs[1:])
    turn = builder.turn(node)
    condition, *results = builder.slots(block.outputs)
    following = fetch(results)
    stale = [builder.slot(value) for value in block.outputs[1:] if _is_made_by_step(value, block)]
    last = fetch(carried)
    give = builder.store(node.outputs)
    nothing = (None,) * len(carried)

    def run_loop(frame: Frame) -> None:
        limit, goes_on = frame[trip_count], frame[first_condition]
        put(frame, initial(frame))
        for slot in emptied:
            frame[slot] = None
        count = 0
        while goes_on and count < limit:
            frame[iteration] = count
            turn(frame)
            goes_on = frame[condition]
            put(frame, following(frame))
            for slot in stale:
                frame[slot] = None
            count += 1
        give(frame, last(frame))
        put(frame, nothing)

    return run_loop


def _is_made_by_step(value: Value, block: Block) -> bool:
    node = value.node
    return node.block is block and node is not block.param_node and not node.is_constant


@handles("prim::CallFunction")
def call_function(builder: PlanBuilder, node: Node) -> Step:
    """Calls a function that is known when the plan is made."""
    kind = node.inputs[0].type
    if not isinstance(kind, FunctionType):
        raise MissingOperatorError("the function that is called is not known", node.kind)
    if isinstance(kind.function, NativeStaticMethod):
        return _call_static(builder, node, kind.function)
    return _call_graph(builder, node, cast(Function, kind.function), node.inputs[1:])


@handles("prim::Enter")
def enter(builder: PlanBuilder, node: Node) -> Step:
    """Calls `__enter__` of a context manager; what follows in this block casts if that is an autocast."""
    step = _call_found_method(builder, node, "__enter__", ())
    if not is_autocast(node.inputs[0].type):
        return step
    builder.casts = True
    manager, scopes = builder.slot(node.inputs[0]), builder.program.autocasting

    def enter_autocast(frame: Frame) -> None:
        instance = frame[manager]
        step(frame)
        scopes.enter(instance)

    return enter_autocast


@handles("prim::Exit")
def leave(builder: PlanBuilder, node: Node) -> Step:
    """Calls `__exit__` of a context manager; no exception ever gets that far."""
    step = _call_found_method(builder, node, "__exit__", (None, None, None))
    if not is_autocast(node.inputs[0].type):
        return step
    scopes = builder.program.autocasting

    def leave_autocast(frame: Frame) -> None:
        scopes.leave()
        step(frame)

    return leave_autocast


@handles("prim::CallMethod")
def call_method(builder: PlanBuilder, node: Node) -> Step:
    """Calls a method: known by the class of the object, or for an interface found when it runs."""
    name = cast(str, node.attributes["name"])
    receiver, allows_files = node.inputs[0].type, builder.program.allows_files
    if not isinstance(receiver, ClassType):
        return _call_found_method(builder, node, name, ())
    if is_custom_class(receiver):
        if name == "__init__" and node.inputs[0].node.kind == "prim::CreateObject":
            why = why_not_made(short_name(receiver), allows_files)
            if why:
                raise MissingOperatorError(f"it makes a C++ class {short_name(receiver)}, {why}", node.kind)
            return _initialize(builder, node, receiver)
        return builder.call(
            node, lambda instance, *rest: call_custom_method(instance, name, list(rest), allows_files)
        )
    method = receiver.methods.get(name)
    if method is None:
        raise MissingOperatorError(f"{receiver.qualified_name} has no method {name}", node.kind)
    return _call_graph(builder, node, cast(Function, method), node.inputs)


def _initialize(builder: PlanBuilder, node: Node, cls: ClassType) -> Step:
    made, get = builder.slot(node.inputs[0]), fetch(builder.slots(node.inputs[1:]))

    def run_initialize(frame: Frame) -> None:
        frame[made] = make_custom_object(cls, [*get(frame)])

    return run_initialize


def _call_static(builder: PlanBuilder, node: Node, method: NativeStaticMethod) -> Step:
    name = short_name(method.owner)
    why = why_not_made(name, builder.program.allows_files)
    if why:
        raise MissingOperatorError(f"it calls {method.name} of a C++ class {name}, {why}", node.kind)
    function = static_method(method.owner, method.name)
    return builder.call(node, lambda _, *arguments: function(*arguments))


def _call_graph(builder: PlanBuilder, node: Node, function: Function, values: Sequence[Value]) -> Step:
    plan_of, casts = builder.program.plan_of, builder.casts
    get = fetch(builder.slots(values))
    dead = builder.take_dead()
    out = builder.slot(node.outputs[0]) if node.outputs else None

    def run_call(frame: Frame) -> None:
        arguments = [*get(frame)]
        for slot in dead:
            frame[slot] = None
        results = plan_of(function, casts).run(arguments)
        if out is not None:
            frame[out] = results[0]

    return run_call


def _call_found_method(builder: PlanBuilder, node: Node, name: str, added: tuple[None, ...]) -> Step:
    """Calls the method of the class that the object turns out to be of, with more arguments `added`."""
    plan_of = builder.program.plan_of

    def call_found(instance: ScriptObject, *rest: Any) -> Any:
        function = cast(Function, instance.type.methods[name])
        return plan_of(function).run([instance, *rest, *added])[0]

    return builder.call(node, call_found)


class Future:
    """What `torch.jit.fork` gives: the result of work that has been done already, or its error."""

    __slots__ = ("_value", "error")

    def __init__(self, work: Callable[[], Any]) -> None:
        self._value: Any = None
        self.error: BaseException | None = None
        try:
            self._value = work()
        except (EndlessCallsError, RecursionError):
            # A program that forks itself at every level would go on for ages if each level kept it.
            raise
        except FAILURES as error:
            # Like TorchScript, which lets whoever waits have the error.
            self.error = error

    def wait(self) -> Any:
        """The result."""
        if isinstance(self.error, ExecutionError):
            raise self.error.waited_for()
        if self.error is not None:
            raise self.error
        return self._value


def _subgraph(builder: PlanBuilder, node: Node, name: str) -> GraphPlan:
    graph = node.attributes.get("Subgraph")
    if not isinstance(graph, Graph):
        raise MissingOperatorError("the graph that it runs is missing", node.kind)
    # Node ids start anew in the forked graph, so it must be known by a name of its own.
    return PlanBuilder(graph, builder.program, f"{builder.function}.<{name} {node.id}>").build()


@handles("prim::Closure")
def closure(builder: PlanBuilder, node: Node) -> Step | None:
    """A function inside a function, which nobody can call: torch has None for it."""
    builder.fill(node.outputs[0], None)
    return None


@handles("prim::fork")
def fork(builder: PlanBuilder, node: Node) -> Step:
    """Runs the forked graph at once: the results are those of any order of running."""
    plan = _subgraph(builder, node, "fork")
    return builder.call(node, lambda *values: Future(lambda: plan.run([*values])[0]))


@handles("prim::FunctionalGraph")
def functional_graph(builder: PlanBuilder, node: Node) -> Step:
    """Runs a graph that neither writes nor gives what others hold."""
    plan = _subgraph(builder, node, "functional")
    if len(node.outputs) == 1:
        return builder.call(node, lambda *values: plan.run([*values])[0])
    return builder.call(node, lambda *values: plan.run([*values]))


@handles("prim::awaitable")
def awaitable(builder: PlanBuilder, node: Node) -> Step:
    """Postpones the graph until somebody waits for its result."""
    plan = _subgraph(builder, node, "await")
    return builder.call(node, lambda *values: Await(lambda: plan.run([*values])[0]))


@handles("prim::awaitable_nowait")
def awaitable_nowait(builder: PlanBuilder, node: Node) -> Step:
    """Wraps a value that is there already."""
    return builder.call(node, lambda value: Await(None, value))


@handles("aten::wait", "prim::awaitable_wait")
def wait(builder: PlanBuilder, node: Node) -> Step:
    """Gives the result of a future or of an awaitable."""

    def wait_for(future: Any) -> Any:
        if isinstance(future, Future | torch.futures.Future):
            return future.wait()
        if isinstance(future, Await):
            try:
                return future.result()
            except ExecutionError as error:
                raise error.waited_for() from error
        raise ExecutionError(f"{type(future).__name__} cannot be waited for")

    return builder.call(node, wait_for)
