"""Compiles a graph to the source of a Python function.

    graph(%x : Tensor, %n : int):                           def f(v0, v1):
      %y : Tensor = prim::Loop(%n, %true, %x)                   for v2 in range(v1):
        block0(%i : int, %z : Tensor):             becomes          v0 = c0(v0, v2)
          %w : Tensor = aten::mul(%z, %i)                       return v0
          -> (%true, %w)
      return (%y)

Values are local variables, blocks are ifs and loops, constants and what computes operators are bound by names
in the function's namespace. A variable is used anew once its value is dead, and emptied if nothing takes its
place, so that a run keeps nothing longer than it must. Names are made here and numbers are written as
numbers: nothing else of a graph becomes source.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from contextlib import suppress
from copy import copy
from typing import TYPE_CHECKING, Any, Final

from jitcore.exec.block_facts import has_contexts, is_made_in, objects_in_loops, reads_of
from jitcore.exec.errors import ExecutionError, MissingOperatorError
from jitcore.exec.expressions import Expression
from jitcore.exec.function_text import FunctionText
from jitcore.exec.last_uses import LastUses
from jitcore.exec.operator_sorts import why_not_run
from jitcore.exec.operator_writer import OperatorWriter
from jitcore.exec.operators import UNKNOWN
from jitcore.exec.plan import GraphPlan
from jitcore.exec.plan_places import FAILURES, PLACES_NAME, LinePlace, PlanPlaces
from jitcore.exec.registers import Registers
from jitcore.exec.watching import NodeWatch
from jitcore.types import BOOL, DEVICE, FLOAT, INT, NONE, STRING, ClassType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitcore.exec.plan import Program
    from jitcore.ir import Block, Graph, Node, Value
    from jitcore.types import FunctionSchema, Type

Handler = Callable[["PlanBuilder", "Node"], None]

_handlers: dict[str, Handler] = {}

_numbers = itertools.count()

_WEIGHTLESS: Final = frozenset({INT, FLOAT, BOOL, NONE, STRING, DEVICE})
"""Types of values that cost less to hold on to than to let go."""

_NO_WATCH: Final = NodeWatch()

_LONGEST_PART: Final = 120
"""Characters of an expression that may stand inside of another."""

ENTERED: Final = "entered"
"""The variable that lists the contexts which are to be left: pairs of what leaves one, and its object."""


def handles(*kinds: str) -> Callable[[Handler], Handler]:
    """Declares what writes the lines of nodes of these kinds."""

    def register(handler: Handler) -> Handler:
        for kind in kinds:
            _handlers[kind] = handler
        return handler

    return register


class PlanBuilder:
    """Compiles one graph of `program`; `function` is the name that tracebacks give.

    `casts` says whether what is compiled next is inside of an autocast; it ends with its block.
    `is_canonical` says that what is a number among constant tensors was made one in the graph.
    """

    def __init__(
        self,
        graph: Graph,
        program: Program,
        function: str,
        casts: bool = False,
        is_canonical: bool = False,
    ) -> None:
        self.program = program
        self.function = function
        self.casts = casts
        self.is_canonical = is_canonical
        self._graph = graph
        self._liveness = LastUses(graph)
        self._leaves = has_contexts(graph.block)
        self._constants: dict[Value, object] = {}
        self._bound: dict[int, str] = {}
        self._namespace: dict[str, Any] = {}
        self._slots_of: dict[Value, str] = {}
        self._operators = OperatorWriter(self)
        self._registers = Registers()
        parameters = [self._parameter(value) for value in graph.inputs]
        self._text = FunctionText("f", parameters)
        self._outlined: list[FunctionText] = []
        # Of the node that is being written: itself, what sees it, the values that nobody reads after it by
        # their variables, and those of them whose variables are free already.
        self._node: Node | None = None
        self._watch = _NO_WATCH
        self._dying: dict[str, Value] = {}
        self._freed: dict[str, Value] = {}
        self._part: tuple[Value, str] | None = None
        """A value that the next node alone reads, and the expression that stands for it there."""

    def build(self) -> GraphPlan:
        """The plan of the whole graph."""
        if self._leaves:
            self.line(f"{ENTERED} = []")
            with self._text.indented(LinePlace(), "try:"):
                self._body()
            with self._text.indented(LinePlace(), f"except {self.bind(BaseException)}:"):
                self.line(f"{self.bind(_leave_all)}({ENTERED})")
                self.line("raise")
        else:
            self._body()
        return self._compile()

    def _body(self) -> None:
        for number, value in enumerate(objects_in_loops(self._graph)):
            self._slots_of[value] = f"a{number}"
            self.line(f"a{number} = {self.name(value)}.attributes")
        self._write(self._graph.block)
        names = self.names(self._graph.outputs)
        self.line("return " + (names[0] if len(names) == 1 else _tuple(names)))

    def _compile(self) -> GraphPlan:
        count = len(self._graph.inputs)
        enter = FunctionText("e", ["a"])
        # Arguments are moved, so that no list or tuple of them keeps them while the graph runs.
        for line in ("a.reverse()", "p = a.pop", f"return f({', '.join(['p()'] * count)})"):
            enter.add(LinePlace(), line)
        texts = [*self._outlined, self._text, enter]
        source = "\n".join(line for text in texts for line in text.lines)
        places = [place for text in texts for place in text.places]
        namespace = self._namespace
        namespace[PLACES_NAME] = PlanPlaces(self.function, places)
        # Only syntax, names and numbers that were written here and by the handlers are in it.
        exec(compile(source, f"<plan {next(_numbers)}>", "exec"), namespace)  # noqa: S102
        return GraphPlan(namespace["f"], namespace["e"], count, len(self._graph.outputs), source)

    def _parameter(self, value: Value) -> str:
        name = self._registers.new()
        self._registers.place(value, name)
        return name

    # --- for handlers: what is read ---------------------------------------------------------------

    def name(self, value: Value) -> str:
        """What stands for a value in an expression."""
        found = self._registers.find(value)
        if found is not None:
            return found
        if self._part is not None and self._part[0] is value:
            return self._part[1]
        # What nothing has computed yet is not read before something has.
        return self.bind(self._constants[value]) if value in self._constants else self._registers.make(value)

    def names(self, values: Sequence[Value]) -> list[str]:
        """What stands for several values."""
        return [self.name(value) for value in values]

    def bind(self, held: object) -> str:
        """What stands for an object that is known now: a number as it is written, or a name bound to it."""
        if held is None or held is True or held is False:
            return repr(held)
        if type(held) is int and -(1 << 63) <= held < 1 << 63:
            return repr(held) if held >= 0 else f"({held!r})"
        if type(held) is float and math.isfinite(held):
            return repr(held) if math.copysign(1.0, held) > 0 else f"({held!r})"
        known = self._bound.get(id(held))
        if known is None:
            known = self._bound[id(held)] = f"c{len(self._bound)}"
            self._namespace[known] = held
        return known

    def late(self, make: Callable[[], GraphPlan]) -> str:
        """A name for the function of a plan that is made when it is called first."""
        namespace = self._namespace

        def first_call(*arguments: Any) -> Any:
            given = [*arguments]
            del arguments
            plan = make()
            namespace[name] = plan.function
            return plan.enter(given)

        name = self.bind(first_call)
        return name

    def attributes_of(self, value: Value) -> str:
        """What stands for the dict of an object's attributes."""
        is_outlined = self._text in self._outlined
        found = None if is_outlined else self._slots_of.get(value)
        return found or f"{self.name(value)}.attributes"

    def known(self, value: Value) -> object:
        """The constant that a value is, `UNKNOWN` if it is none."""
        return self._constants.get(value, UNKNOWN)

    def fill(self, value: Value, constant: object) -> None:
        """`value` is this object in every run."""
        self._registers.forget(value)
        self._constants[value] = constant

    # --- for handlers: what is written ------------------------------------------------------------

    def line(self, text: str) -> None:
        """Write one line for the present node."""
        self._text.add(LinePlace(self._node), text)

    def call(self, node: Node, function: Callable[..., Any]) -> None:
        """Call `function` on the node's inputs."""
        self.assign(node, f"{self.bind(function)}({', '.join(self.names(node.inputs))})")

    def assign(
        self,
        node: Node,
        expression: str,
        check: str = "",
        unpacks: bool = False,
        before: Sequence[str] = (),
        place: LinePlace | None = None,
    ) -> None:
        """Let the outputs of the node be what the expression gives: one value, or as many as there are.

        `before` are lines that prepare it, `check` is one that follows, with `{0}` for the output; with
        `unpacks` an only output is the only item of what is given.
        """
        place = place or LinePlace(node)
        self.begin()
        for line in before:
            self.line(line)
        outputs = node.outputs
        if self._watch.gave is None:
            if not any(value.has_uses() for value in outputs):
                self._text.add(place, expression)
                self.end(node)
                return
            self._free_dying()
        targets = [self._registers.make(value) for value in outputs]
        comma = "," if unpacks and len(targets) == 1 else ""
        self._text.add(place, f"{', '.join(targets)}{comma} = {expression}" if targets else expression)
        if check:
            self.line(check.format(targets[0]))
        self.end(node)

    def begin(self) -> None:
        """The work of the present node begins."""
        if self._watch.given is not None and self._node is not None:
            self.line(f"{self.bind(self._watch.given)}({_tuple(self.names(self._node.inputs))})")
        if self._watch.begin is not None:
            self.line(f"{self.bind(self._watch.begin)}()")

    def end(self, node: Node) -> None:
        """The work of the node is done: what is dead now is let go."""
        if self._watch.end is not None:
            self.line(f"{self.bind(self._watch.end)}()")
        if self._watch.gave is not None:
            given = [_tuple(self.names(values)) for values in (node.inputs, node.outputs)]
            self.line(f"{self.bind(self._watch.gave)}({', '.join(given)})")
        for value in self._liveness.dead_after.get(node, ()):
            if value.node is node and (name := self._registers.find(value)) is not None:
                self._dying[name] = value
        self._free_dying()
        self._let_go([name for name, value in self._freed.items() if not _is_weightless(value.type)])

    def _free_dying(self) -> None:
        """Let results take the variables of the values that nobody reads any more."""
        for name, value in self._dying.items():
            self._registers.give_back(name)
            self._freed[name] = value
        self._dying = {}

    def _let_go(self, names: Sequence[str]) -> None:
        """Empty those of the variables that nothing else was put into."""
        emptied = [name for name in names if self._registers.is_free(name)]
        if emptied:
            self.line(" = ".join([*emptied, "None"]))

    # --- for handlers: variables ------------------------------------------------------------------

    @property
    def registers(self) -> Registers:
        """The variables of the function that is written at present."""
        return self._registers

    @property
    def is_watched(self) -> bool:
        """Whether somebody is given inputs or outputs of the present node."""
        return self._watch.given is not None or self._watch.gave is not None

    def is_dying(self, node: Node, value: Value) -> bool:
        """Whether nobody reads `value`, which weighs something, after `node`, nor the blocks of it."""
        name = self._registers.find(value)
        if name is None or self._dying.get(name) is not value or _is_weightless(value.type):
            return False
        return value not in self._liveness.read_inside.get(node, ())

    def take_over(self, value: Value) -> str:
        """The variable of a value that is dying, which is its taker's from now on."""
        name = self.name(value)
        del self._dying[name]
        self._registers.forget(value)
        return name

    # --- for handlers: blocks ---------------------------------------------------------------------

    def arm(self, head: str, block: Block, targets: Sequence[str]) -> None:
        """Write a block under `head`, whose results go to the variables `targets`."""
        with self._text.indented(LinePlace(self._node), head):
            if self._text.is_deep:
                self._outline(block, block.outputs, targets)
                return
            for result, target in zip(block.outputs, targets, strict=True):
                if is_made_in(result, block) and self._registers.find(result) is None:
                    self._registers.place(result, target)
            self._write(block)
            self._move(self.names(block.outputs), targets)

    def turn(self, head: str, node: Node, condition: str | None, carried: Sequence[str], last: str) -> None:
        """Write the block of a loop under `head`: it puts what is carried into the variables `carried`.

        `condition` is the variable that says whether another turn follows, `last` a line to end with.
        """
        block = node.blocks[0]
        first = 0 if condition is not None else 1
        results, targets = block.outputs[first:], [*([condition] if condition else []), *carried]
        observer = self.program.observer
        watch = None if observer is None else observer.watch_turns(node, self.function)
        with self._text.indented(LinePlace(node), head):
            if watch is not None:
                self.line(f"{self.bind(watch)}()")
            if self._text.is_deep:
                self._outline(block, results, targets)
            else:
                for result, target in zip(results, targets, strict=True):
                    if not is_made_in(result, block):
                        continue
                    if target == condition and self._registers.find(result) is None:
                        self._registers.place(result, target)
                    self._registers.want(result, target)
                self._write(block)
                self._carry(block, results, targets)
            if last:
                self.line(last)

    def _carry(self, block: Block, results: Sequence[Value], targets: Sequence[str]) -> None:
        names = self.names(results)
        self._move(names, targets)
        stale: dict[str, Value] = {}
        for result, name in zip(results, names, strict=True):
            if is_made_in(result, block) and name not in targets and self._registers.find(result) == name:
                stale[name] = result
                self._registers.give_back(name)
        for name in targets:
            self._registers.occupy(name)
        self._let_go([name for name, value in stale.items() if not _is_weightless(value.type)])

    def _move(self, names: Sequence[str], targets: Sequence[str]) -> None:
        moves = [(target, name) for target, name in zip(targets, names, strict=True) if target != name]
        if moves:
            self.line(f"{', '.join(target for target, _ in moves)} = {', '.join(name for _, name in moves)}")

    def _outline(self, block: Block, results: Sequence[Value], targets: Sequence[str]) -> None:
        """Write a block that stands too deep for Python as a function of its own, and a call of that."""
        read = [value for value in reads_of(block) if value not in self._constants]
        names = self.names(read)
        outer = self._registers, self._text
        contexts = [ENTERED] if self._leaves else []
        self._registers = Registers()
        function = f"g{len(self._outlined)}"
        self._text = FunctionText(function, [*(self._parameter(value) for value in read), *contexts])
        self._outlined.append(self._text)
        self._write(block)
        self.line(f"return {_tuple(self.names(results))}")
        self._registers, self._text = outer
        call = f"{function}({', '.join([*names, *contexts])})"
        self._text.add(
            LinePlace(), f"{''.join(f'{target}, ' for target in targets)}= {call}" if targets else call
        )

    # --- nodes ------------------------------------------------------------------------------------

    def _write(self, block: Block) -> None:
        outer = self._node, self._watch, self._dying, self._freed, self.casts
        for node in block.nodes():
            self._write_node(node)
        self._node, self._watch, self._dying, self._freed, self.casts = outer

    def _write_node(self, node: Node) -> None:
        if node.is_constant:
            self.fill(node.outputs[0], self.program.constant(node))
            return
        observer = self.program.observer
        self._node = node
        self._watch = (None if observer is None else observer.watch(node, self.function)) or _NO_WATCH
        self._dying, self._freed = {}, {}
        for value in self._liveness.dead_after.get(node, ()):
            name = None if value.node is node else self._registers.find(value)
            if name is not None:
                self._dying[name] = value
        handler = _handlers.get(node.kind)
        try:
            if handler is not None:
                self.admit(node, None)
                handler(self, node)
            else:
                self.operator(node)
        except MissingOperatorError as missing:
            # The rest of the graph may well not need it: only running the node fails.
            self.line(f"{self.bind(_failing(missing))}()")
            self.end(node)

    def admit(self, node: Node, schema: FunctionSchema | None) -> None:
        """Raise `MissingOperatorError` unless this run may execute the operator."""
        why = why_not_run(node.kind, schema, self.program.allows_files)
        if why:
            raise MissingOperatorError(why, node.kind)

    def express(self, node: Node, written: Expression) -> None:
        """Write an operator as an expression: inside of what reads it, if only the next node does."""
        if written.is_pure and self._is_part_of_next(node) and len(written.text) < _LONGEST_PART:
            self._part = node.outputs[0], f"({written.text})"
            self._free_dying()
            return
        arguments = () if written.kernel is None else tuple(self.names(node.inputs))
        self.assign(node, written.text, written.check, place=LinePlace(node, written.kernel, arguments))

    def _is_part_of_next(self, node: Node) -> bool:
        uses = node.outputs[0].uses if self.program.observer is None else ()
        if len(uses) != 1 or any(not _is_weightless(value.type) for value in self._dying.values()):
            return False
        user, following = uses[0][0], node.next
        while following is not None and following.is_constant:
            following = following.next
        # Others write lines of their own before they read it.
        return user is following and (user.kind == "prim::If" or _is_one_line(user))

    def operator(self, node: Node) -> None:
        """Write the call of an operator that is found by its schema, or of a Python function."""
        self._operators.write(node)


def _is_one_line(node: Node) -> bool:
    return node.kind.startswith("aten::") and node.kind not in _handlers


def _tuple(names: Sequence[str]) -> str:
    return f"({''.join(f'{name}, ' for name in names)})"


def _is_weightless(kind: Type) -> bool:
    # A module is held by the module around it anyway.
    return kind in _WEIGHTLESS or (isinstance(kind, ClassType) and kind.is_module)


def _leave_all(entered: list[tuple[Callable[[Any], object], Any]]) -> None:
    """Leave contexts, innermost first.

    What goes wrong in that is dropped: the first failure is the one to tell.
    """
    while entered:
        leave, context = entered.pop()
        with suppress(ExecutionError, *FAILURES):
            leave(context)


def _failing(missing: MissingOperatorError) -> Callable[[], None]:
    def fail() -> None:
        # Each failure gets its own places.
        raise copy(missing)

    return fail
