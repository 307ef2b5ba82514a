"""Compiles a graph to a plan: slots instead of names, and one closure per node."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from copy import copy
from typing import TYPE_CHECKING, Any, Protocol

from jitcore.exec.autocast import casting
from jitcore.exec.bounds import checked, checker, in_order, with_own_indices
from jitcore.exec.errors import EndlessCallsError, ExecutionError, MissingOperatorError, ProgramError
from jitcore.exec.last_uses import LastUses
from jitcore.exec.operator_sorts import why_not_run
from jitcore.exec.operators import UNKNOWN, bind, check_registered, registered_schema
from jitcore.exec.steps import Frame, Step, call, fetch, releasing, store
from jitcore.exec.wrapped_numbers import numbers_among
from jitcore.ops.lookup import schema_of
from jitcore.printing.graph_text import PYTHON_FUNCTION
from jitcore.source import JitError
from jitcore.types import DEVICE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitcore.exec.autocast import Autocasting
    from jitcore.exec.steps import Store
    from jitcore.ir import Block, Function, Graph, Node, Value
    from jitcore.types import FunctionSchema

FAILURES = (
    JitError, RuntimeError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError,
    AssertionError, MemoryError, OSError, ImportError, BufferError,
)  # fmt: skip
"""What an operator may raise; anything else is a defect of this program and is not dressed up."""

CALLS = frozenset({
    "prim::CallMethod", "prim::CallFunction", "prim::Enter", "prim::Exit", "prim::fork", "aten::wait",
    "prim::awaitable_wait",
})  # fmt: skip
"""Kinds of nodes that run other graphs."""


class Observer(Protocol):
    """Sees every node run: gives the step to run in place of `step`.

    `inputs` and `outputs` are the slots that the node reads and writes; slots of dead values are
    emptied after the step that is given back.
    """

    def observe(
        self, node: Node, function: str, step: Step, inputs: Sequence[int], outputs: Sequence[int]
    ) -> Step:
        """The step to run."""
        ...

    def observe_turn(self, node: Node, function: str, turn: Step) -> Step:
        """The step to run for each turn of the loop `node`, in place of `turn`."""
        ...


class Program(Protocol):
    """What the plans of one program share."""

    observer: Observer | None
    allows_files: bool
    """Whether operators may run that can reach the file system."""
    warned: set[int]
    """Numbers of the warnings that the present run has given: each is given once a run."""
    autocasting: Autocasting
    """What is cast at present by plans that cast."""

    def plan_of(self, function: Function, casts: bool = False) -> GraphPlan:
        """The plan of a function, as it is or such that it casts what `autocasting` says."""
        ...

    def constant(self, node: Node) -> object:
        """The runnable value of a `prim::Constant`."""
        ...

    def runnable(self, value: object) -> object:
        """The runnable value of what a node holds as an attribute."""
        ...

    def print_text(self, text: str) -> None:
        """Write what the program prints."""
        ...

    def python_function(self, node: Node, function: Callable[..., Any]) -> Callable[..., Any]:
        """What is called for a Python function that a program calls."""
        ...


class BlockPlan:
    """The steps of a block in order, and the nodes they are of."""

    __slots__ = ("_function", "_nodes", "_steps")

    def __init__(self, function: str, nodes: Sequence[Node], steps: Sequence[Step]) -> None:
        self._function = function
        self._nodes = tuple(nodes)
        self._steps = tuple(steps)

    def run(self, frame: Frame) -> None:
        """Run the steps; failures come out as `ExecutionError` that knows the node.

        Contexts that a failing block has entered are left again, as torch's interpreter does.
        """
        step: Step | None = None
        try:
            for step in self._steps:
                step(frame)
        except BaseException as error:
            if step is None:
                raise
            place = self._steps.index(step)
            self._leave_contexts(place, frame)
            node = self._nodes[place]
            if isinstance(error, ExecutionError):
                if not error.places or node.kind in CALLS:
                    self._locate(error, node)
            elif isinstance(error, FAILURES):
                wrapped = _wrap(error, node)
                self._locate(wrapped, node)
                raise wrapped from error
            raise

    def _leave_contexts(self, failed: int, frame: Frame) -> None:
        """Leave what was entered before the step number `failed`, innermost first.

        What goes wrong in that is dropped: the first failure is the one to tell.
        """
        entered: list[Value] = []
        for node in self._nodes[:failed]:
            if node.kind == "prim::Enter":
                entered.append(node.inputs[0])
            elif node.kind == "prim::Exit" and entered:
                entered.pop()
        if self._nodes[failed].kind == "prim::Exit" and entered:
            # What failed to leave a context has left it.
            entered.pop()
        after = range(failed + 1, len(self._nodes))
        exits = [place for place in after if self._nodes[place].kind == "prim::Exit"]
        while entered:
            context = entered.pop()
            leaving = next((place for place in exits if self._nodes[place].inputs[0] is context), None)
            if leaving is not None:
                exits.remove(leaving)
                with suppress(ExecutionError, *FAILURES):
                    self._steps[leaving](frame)

    def _locate(self, error: ExecutionError, node: Node) -> None:
        error.enter(node, self._function)
        error.kind = error.kind or node.kind
        error.node_id = node.id
        error.function = self._function


def _wrap(error: BaseException, node: Node) -> ExecutionError:
    if isinstance(error, RecursionError):
        return EndlessCallsError(node.kind, node.id)
    reason = str(error)
    if isinstance(error, ProgramError):
        wrapped = ExecutionError(reason, node.kind, node.id)
        wrapped.raised_class = error.class_name or "RuntimeError"
        return wrapped
    wrapped = ExecutionError(reason or type(error).__name__, node.kind, node.id)
    constants = (v.node for v in node.inputs if v.node.is_constant and v.type is DEVICE)
    wrapped.devices = tuple(str(constant.attributes.get("value")) for constant in constants)
    return wrapped


class GraphPlan:
    """A compiled graph.

    `template` is a fresh frame with the constants filled in; the inputs are its first slots.
    """

    __slots__ = ("_body", "_input_count", "_outputs", "_template")

    def __init__(self, template: Frame, input_count: int, outputs: Sequence[int], body: BlockPlan) -> None:
        self._template = template
        self._input_count = input_count
        self._outputs = fetch(outputs)
        self._body = body

    def run(self, arguments: list[Any]) -> tuple[Any, ...]:
        """Run on `arguments`, one per input, giving one value per output. The list is emptied, so
        that no value of the caller lives longer than the graph needs it."""
        count = self._input_count
        if len(arguments) != count:
            raise ExecutionError(f"{count} arguments expected, got {len(arguments)}")
        frame = self._template.copy()
        frame[:count] = arguments
        arguments.clear()
        self._body.run(frame)
        return self._outputs(frame)


Handler = Callable[["PlanBuilder", "Node"], "Step | None"]

_handlers: dict[str, Handler] = {}


def handles(*kinds: str) -> Callable[[Handler], Handler]:
    """Declares what compiles nodes of these kinds; it gives the step, None if there is nothing to run."""

    def register(handler: Handler) -> Handler:
        for kind in kinds:
            _handlers[kind] = handler
        return handler

    return register


class PlanBuilder:
    """Compiles one graph of `program`; `function` is the name that tracebacks give.

    `casts` says whether what is compiled next is inside of an autocast; it ends with its block.
    """

    def __init__(self, graph: Graph, program: Program, function: str, casts: bool = False) -> None:
        self.program = program
        self.function = function
        self.casts = casts
        self._graph = graph
        self._liveness = LastUses(graph)
        self._template: Frame = []
        self._slots: dict[Value, int] = {}
        self._filled: set[int] = set()
        self._dead: list[int] = []

    def build(self) -> GraphPlan:
        """The plan of the whole graph."""
        for value in self._graph.inputs:
            self.slot(value)
        body = self.block(self._graph.block)
        outputs = self.slots(self._graph.outputs)
        return GraphPlan(self._template, len(self._graph.inputs), outputs, body)

    # --- for handlers ---------------------------------------------------------------------------

    def slot(self, value: Value) -> int:
        """The slot of a value; values get consecutive slots in the order in which they are asked for."""
        found = self._slots.get(value)
        if found is None:
            found = self._slots[value] = len(self._template)
            self._template.append(None)
        return found

    def slots(self, values: Sequence[Value]) -> list[int]:
        """The slots of several values."""
        return [self.slot(value) for value in values]

    def fill(self, value: Value, constant: object) -> None:
        """Let every frame start with `constant` in the slot of `value`."""
        slot = self.slot(value)
        self._template[slot] = constant
        self._filled.add(slot)

    def known(self, value: Value) -> object:
        """The constant in the slot of `value`, `UNKNOWN` if it is no constant."""
        slot = self.slot(value)
        return self._template[slot] if slot in self._filled else UNKNOWN

    def store(self, values: Sequence[Value]) -> Store:
        """What writes the slots of `values`."""
        return store(self.slots(values))

    def take_dead(self) -> list[int]:
        """The slots that are dead after the node being compiled; the step must then empty them itself.

        Observed steps must leave them to the builder, and get none.
        """
        if self.program.observer is not None:
            return []
        dead, self._dead = self._dead, []
        return dead

    def share(self, value: Value, owner: Value) -> bool:
        """Let `value` live in the slot of `owner`, if it has none of its own yet; says whether it does."""
        if value in self._slots:
            return False
        self._slots[value] = self.slot(owner)
        return True

    def take_moved(self, node: Node, values: Sequence[Value]) -> list[int]:
        """Like `take_dead`, but only the slots of `values` that no block of `node` reads."""
        if self.program.observer is not None:
            return []
        inside = self._liveness.read_inside.get(node, set())
        own = {self.slot(value) for value in values if value not in inside}
        moved = [slot for slot in self._dead if slot in own]
        self._dead = [slot for slot in self._dead if slot not in own]
        return moved

    def call(self, node: Node, function: Callable[..., Any], taken: Sequence[int] | None = None) -> Step:
        """The step that calls `function` on the node's inputs, or on what is in the slots `taken`."""
        slots = self.slots(node.inputs) if taken is None else list(taken)
        return call(function, slots, self.slots(node.outputs), self.take_dead())

    def slot_of_number(self, number: float) -> int:
        """A slot that holds a number in every frame."""
        self._template.append(number)
        slot = len(self._template) - 1
        self._filled.add(slot)
        return slot

    def block(self, block: Block) -> BlockPlan:
        """The plan of a block of this graph."""
        nodes: list[Node] = []
        steps: list[Step] = []
        outer_dead, outer_casts = self._dead, self.casts
        for node in block.nodes():
            step = self._node(node)
            if step is not None:
                nodes.append(node)
                steps.append(step)
        self._dead, self.casts = outer_dead, outer_casts
        return BlockPlan(self.function, nodes, steps)

    def turn(self, node: Node) -> Step:
        """What runs one turn of a loop."""
        body = self.block(node.blocks[0]).run
        observer = self.program.observer
        return body if observer is None else observer.observe_turn(node, self.function, body)

    # --- nodes ----------------------------------------------------------------------------------

    def _node(self, node: Node) -> Step | None:
        if node.is_constant:
            self.fill(node.outputs[0], self.program.constant(node))
            return None
        dead = (self.slot(value) for value in self._liveness.dead_after.get(node, ()))
        self._dead = [slot for slot in dead if slot not in self._filled]
        handler = _handlers.get(node.kind)
        try:
            if handler is not None:
                self._admit(node, None)
            step = handler(self, node) if handler is not None else self.operator(node)
        except MissingOperatorError as missing:
            # The rest of the graph may well not need it: only running the node fails.
            step = _failing(missing)
        if step is None:
            return None
        observer = self.program.observer
        if observer is not None:
            step = observer.observe(
                node, self.function, step, self.slots(node.inputs), self.slots(node.outputs)
            )
        return releasing(step, self._dead)

    def _admit(self, node: Node, schema: FunctionSchema | None) -> None:
        """Raise `MissingOperatorError` unless this run may execute the operator."""
        why = why_not_run(node.kind, schema, self.program.allows_files)
        if why:
            raise MissingOperatorError(why, node.kind)

    def operator(self, node: Node) -> Step:
        """The step of an operator that is found by its schema, or of a Python function."""
        function = node.attributes.get(PYTHON_FUNCTION)
        if callable(function) and node.kind.startswith("^"):
            return self.call(node, self.program.python_function(node, function))
        if node.kind.startswith("^"):
            raise MissingOperatorError(
                "it is a Python function, which only the program that was compiled can call", node.kind
            )
        schema = schema_of(node) or registered_schema(node)
        if schema is None:
            check_registered(node.kind)
            raise MissingOperatorError("no known overload takes these arguments", node.kind)
        self._admit(node, schema)
        constants = [self.known(value) for value in node.inputs]
        taken = self.slots(node.inputs)
        check = checker(schema, constants)
        if check is None and not self.casts:
            for place, number in numbers_among(schema, constants).items():
                constants[place], taken[place] = number, self.slot_of_number(number)
        # Constants are cast like all else, so inside of an autocast none is bound ahead.
        bound = bind(schema, [UNKNOWN] * len(constants) if self.casts else constants)
        bound.function = with_own_indices(schema.name, bound.function)
        if check is None and not self.casts:
            return self.call(node, bound.function, [taken[index] for index in bound.dynamic])
        function = in_order(bound) if check is None else checked(check, bound)
        if self.casts:
            function = casting(node, schema, function, self.program.autocasting)
        return self.call(node, function)


def _failing(missing: MissingOperatorError) -> Step:
    def fail(_frame: Frame) -> None:
        # Each failure gets its own places.
        raise copy(missing)

    return fail
