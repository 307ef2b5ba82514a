"""Compiles `prim::If`, `prim::Loop` and what runs other graphs: calls, forks, context managers."""

from __future__ import annotations

from itertools import dropwhile, takewhile
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
from jitcore.exec.plan_builder import ENTERED, PlanBuilder, handles
from jitcore.exec.plan_places import FAILURES
from jitcore.exec.staged_function import StagedFunction
from jitcore.ir import Await, Function, Graph, ScriptObject
from jitcore.ops.autocast_lists import is_autocast
from jitcore.ops.custom_classes import NativeStaticMethod
from jitcore.types import ClassType, FunctionType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from jitcore.exec.autocast import Autocasting
    from jitcore.exec.plan import GraphPlan
    from jitcore.ir import Node, Value


@handles("prim::If")
def branch(builder: PlanBuilder, node: Node) -> None:
    """Runs one of two blocks, whose results become the node's."""
    condition = builder.name(node.inputs[0])
    builder.begin()
    targets = [builder.registers.make(value) for value in node.outputs]
    then, other = node.blocks
    builder.arm(f"if {condition}:", then, targets)
    if targets or next(iter(other.nodes()), None) is not None:
        builder.arm("else:", other, targets)
    builder.end(node)


@handles("prim::Loop")
def loop(builder: PlanBuilder, node: Node) -> None:
    """Runs its block while the condition holds and the trip count is not reached."""
    block, registers = node.blocks[0], builder.registers
    most, first = builder.names(node.inputs[:2])
    initial = builder.names(node.inputs[2:])
    builder.begin()
    carried: list[str] = []
    moves: list[tuple[str, str]] = []
    for value, name, output in zip(node.inputs[2:], initial, node.outputs, strict=True):
        if registers.find(output) is None and not builder.is_watched and builder.is_dying(node, value):
            registers.place(output, builder.take_over(value))
        else:
            moves.append((registers.make(output), name))
        carried.append(registers.make(output))
    if moves:
        builder.line(f"{', '.join(target for target, _ in moves)} = {', '.join(name for _, name in moves)}")
    count, *made = block.inputs
    number = registers.make(count)
    for value, name in zip(made, carried, strict=True):
        registers.place(value, name)
    if _is_true(builder, node.inputs[1]) and _is_true(builder, block.outputs[0]):
        builder.turn(f"for {number} in {builder.bind(range)}({most}):", node, None, carried, "")
    else:
        condition = registers.take()
        builder.line(f"{condition}, {number} = {first}, 0")
        is_bounded = builder.known(node.inputs[0]) != _NO_BOUND
        head = f"while {condition} and {number} < {most}:" if is_bounded else f"while {condition}:"
        counts = is_bounded or count.has_uses()
        # What counts the turns is read after the body has read it for the last time.
        registers.pin(number)
        builder.turn(head, node, condition, carried, f"{number} += 1" if counts else "")
        registers.give_back(condition)
    registers.unpin(number)
    builder.end(node)


_NO_BOUND = (1 << 63) - 1
"""The trip count of a loop that has none."""


def _is_true(builder: PlanBuilder, value: Value) -> bool:
    return value.node.is_constant and bool(builder.program.constant(value.node))


@handles("prim::CallFunction")
def call_function(builder: PlanBuilder, node: Node) -> None:
    """Calls a function that is known when the plan is made."""
    kind = node.inputs[0].type
    if not isinstance(kind, FunctionType):
        raise MissingOperatorError("the function that is called is not known", node.kind)
    if isinstance(kind.function, NativeStaticMethod):
        _call_static(builder, node, kind.function)
    elif isinstance(kind.function, StagedFunction):
        run = kind.function.run
        assert run is not None
        builder.call(node, lambda _, *arguments: run([*arguments]))
    else:
        _call_graph(builder, node, cast(Function, kind.function), node.inputs[1:])


@handles("prim::Enter")
def enter(builder: PlanBuilder, node: Node) -> None:
    """Calls `__enter__` of a context manager; what follows in this block casts if that is an autocast."""
    enter_context = _found_method(builder, "__enter__", ())
    if is_autocast(node.inputs[0].type):
        builder.casts = True
        enter_context = _entering_autocast(enter_context, builder.program.autocasting)
    builder.call(node, enter_context)
    if any(_leaves(other, node) for other in _after(node)):
        leave_context = builder.bind(_leaver(builder, node))
        builder.line(f"{ENTERED}.append(({leave_context}, {builder.name(node.inputs[0])}))")


@handles("prim::Exit")
def leave(builder: PlanBuilder, node: Node) -> None:
    """Calls `__exit__` of a context manager; no exception ever gets that far."""
    if any(_leaves(node, other) for other in _before(node)):
        # What fails to leave a context has left it.
        builder.line(f"{ENTERED}.pop()")
    builder.call(node, _leaver(builder, node))


def _leaves(leaving: Node, entering: Node) -> bool:
    same = leaving.kind == "prim::Exit" and entering.kind == "prim::Enter"
    return same and leaving.inputs[0] is entering.inputs[0]


def _after(node: Node) -> Iterator[Node]:
    return dropwhile(lambda each: each is not node, node.block.nodes()) if node.block else iter(())


def _before(node: Node) -> Iterator[Node]:
    return takewhile(lambda each: each is not node, node.block.nodes()) if node.block else iter(())


def _leaver(builder: PlanBuilder, node: Node) -> Callable[..., Any]:
    leave_context = _found_method(builder, "__exit__", (None, None, None))
    if not is_autocast(node.inputs[0].type):
        return leave_context
    scopes = builder.program.autocasting

    def leave_autocast(*values: Any) -> Any:
        scopes.leave()
        return leave_context(*values)

    return leave_autocast


def _entering_autocast(enter_context: Callable[..., Any], scopes: Autocasting) -> Callable[..., Any]:
    def enter_autocast(instance: ScriptObject) -> Any:
        given = enter_context(instance)
        scopes.enter(instance)
        return given

    return enter_autocast


@handles("prim::CallMethod")
def call_method(builder: PlanBuilder, node: Node) -> None:
    """Calls a method: known by the class of the object, or for an interface found when it runs."""
    name = cast(str, node.attributes["name"])
    receiver, allows_files = node.inputs[0].type, builder.program.allows_files
    if not isinstance(receiver, ClassType):
        builder.call(node, _found_method(builder, name, ()))
        return
    if is_custom_class(receiver):
        if name == "__init__" and node.inputs[0].node.kind == "prim::CreateObject":
            why = why_not_made(short_name(receiver), allows_files)
            if why:
                raise MissingOperatorError(f"it makes a C++ class {short_name(receiver)}, {why}", node.kind)
            _initialize(builder, node, receiver)
            return
        builder.call(
            node, lambda instance, *rest: call_custom_method(instance, name, list(rest), allows_files)
        )
        return
    method = receiver.methods.get(name)
    if method is None:
        raise MissingOperatorError(f"{receiver.qualified_name} has no method {name}", node.kind)
    _call_graph(builder, node, cast(Function, method), node.inputs)


def _initialize(builder: PlanBuilder, node: Node, cls: ClassType) -> None:
    made, *given = builder.names(node.inputs)
    builder.begin()
    builder.line(
        f"{made} = {builder.bind(lambda *values: make_custom_object(cls, [*values]))}({', '.join(given)})"
    )
    for output in node.outputs:
        builder.line(f"{builder.registers.make(output)} = None")
    builder.end(node)


def _call_static(builder: PlanBuilder, node: Node, method: NativeStaticMethod) -> None:
    name = short_name(method.owner)
    why = why_not_made(name, builder.program.allows_files)
    if why:
        raise MissingOperatorError(f"it calls {method.name} of a C++ class {name}, {why}", node.kind)
    function = static_method(method.owner, method.name)
    builder.call(node, lambda _, *arguments: function(*arguments))


def _call_graph(builder: PlanBuilder, node: Node, function: Function, values: Sequence[Value]) -> None:
    program, casts = builder.program, builder.casts
    called = builder.late(lambda: program.plan_of(function, casts))
    names = builder.names(values)
    moved = [] if builder.is_watched else [
        name for value, name in zip(values, names, strict=True)
        if names.count(name) == 1 and builder.is_dying(node, value)
    ]  # fmt: skip
    if not moved:
        builder.assign(node, f"{called}({', '.join(names)})")
        return
    # The callee alone holds what nobody else reads, and lets it go when it is done with it.
    given = builder.registers.take()
    arguments = [f"{given}.pop()" if name in moved else name for name in names]
    preparation = f"{given} = [{', '.join(reversed(moved))}]", f"{' = '.join(moved)} = None"
    builder.assign(node, f"{called}({', '.join(arguments)})", before=preparation)
    builder.registers.give_back(given)


def _found_method(builder: PlanBuilder, name: str, added: tuple[None, ...]) -> Callable[..., Any]:
    """Calls the method of the class that the object turns out to be of, with more arguments `added`."""
    plan_of = builder.program.plan_of

    def call_found(instance: ScriptObject, *rest: Any) -> Any:
        function = cast(Function, instance.type.methods[name])
        return plan_of(function).run_for_value([instance, *rest, *added])

    return call_found


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
    known_as = f"{builder.function}.<{name} {node.id}>"
    return PlanBuilder(graph, builder.program, known_as, is_canonical=builder.is_canonical).build()


@handles("prim::Closure")
def closure(builder: PlanBuilder, node: Node) -> None:
    """A function inside a function, which nobody can call: torch has None for it."""
    builder.fill(node.outputs[0], None)


@handles("prim::fork")
def fork(builder: PlanBuilder, node: Node) -> None:
    """Runs the forked graph at once: the results are those of any order of running."""
    plan = _subgraph(builder, node, "fork")
    builder.call(node, lambda *values: Future(lambda: plan.run_for_value([*values])))


@handles("prim::FunctionalGraph")
def functional_graph(builder: PlanBuilder, node: Node) -> None:
    """Runs a graph that neither writes nor gives what others hold."""
    run_subgraph(builder, node, "functional")


def run_subgraph(builder: PlanBuilder, node: Node, name: str) -> None:
    """Runs the graph of a node in its place; tracebacks call it by the name."""
    plan = _subgraph(builder, node, name)
    builder.call(node, lambda *values: plan.run_for_value([*values]))


@handles("prim::awaitable")
def awaitable(builder: PlanBuilder, node: Node) -> None:
    """Postpones the graph until somebody waits for its result."""
    plan = _subgraph(builder, node, "await")
    builder.call(node, lambda *values: Await(lambda: plan.run_for_value([*values])))


@handles("prim::awaitable_nowait")
def awaitable_nowait(builder: PlanBuilder, node: Node) -> None:
    """Wraps a value that is there already."""
    builder.call(node, lambda value: Await(None, value))


@handles("aten::wait", "prim::awaitable_wait")
def wait(builder: PlanBuilder, node: Node) -> None:
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

    builder.call(node, wait_for)
