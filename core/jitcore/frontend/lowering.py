"""The lowering of one function: the state that emitting shares, and the dispatch on syntax.

The work is done by the `emit_*` modules; each handles one family of syntax and is a set of plain
functions over a `Lowering`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from jitcore.frontend import (
    building,
    emit_assignments,
    emit_augmented,
    emit_calls,
    emit_comprehensions,
    emit_conditions,
    emit_exits,
    emit_forks,
    emit_if,
    emit_indexing,
    emit_literals,
    emit_loops,
    emit_names,
    emit_operators,
    emit_scopes,
    straight_lines,
)  # fmt: skip
from jitcore.frontend.annotations import Annotations, TypeResolver
from jitcore.frontend.builtin_calls import emit_builtin_call
from jitcore.frontend.call_notes import noting_classes
from jitcore.frontend.environment import Environment
from jitcore.frontend.loop_status import LoopStatus
from jitcore.frontend.names import is_meaningful
from jitcore.frontend.parsing import TOO_LARGE
from jitcore.frontend.sugared.simple import SimpleValue
from jitcore.frontend.variables import KnownReads
from jitcore.ir import Block, Function, Graph, Node, Value
from jitcore.types import ANY, COMPLEX, FLOAT, INT, NONE, ClassType, FunctionSchema, Type, is_subtype

if TYPE_CHECKING:
    from jitcore.frontend.positions import Positions
    from jitcore.frontend.refinement import Condition
    from jitcore.frontend.straight_lines import Statement
    from jitcore.frontend.sugared.base import SugaredValue
    from jitcore.frontend.upgrading import Upgrading
    from jitcore.ops.matching import NamedValue
    from jitcore.source import SourceRange


class Resolver(TypeResolver, Protocol):
    """What the names of a program mean outside the function that is lowered."""

    def resolve_value(self, name: str, at: SourceRange, lowering: Lowering) -> SugaredValue | None:
        """The meaning of a free name, None if it has none."""
        ...

    def resolve_hook(self, owner: ClassType, name: str) -> Function | None:
        """The hook `name` of a module class, None if it has none."""
        ...

    def own_object(self, value: Value) -> SugaredValue:
        """What the first parameter of a module's method means."""
        ...

    def accept_unknown(self, at: SourceRange, what: str) -> bool:
        """Whether an operator or method that is not known here is lowered by guess, and not an error."""
        ...


class Definition:
    """Return types of the function (or closure) that is lowered: the declared one, and that of the
    returns seen."""

    __slots__ = ("declared", "merged")

    def __init__(self, declared: Type | None = None) -> None:
        self.declared = declared
        self.merged: Type | None = None


class Lowering:
    """State of the lowering of `function` into `graph`.

    `environment` is the innermost frame of variables, `reads` the reads that need no load, `definitions`
    the stack of functions and closures, `exited` the blocks after which nothing runs because they return
    or raise, `free_names` what the names that are no variables have turned out to mean, `guesses` the
    values of which only the type is not known, `upgrading` what an older archive needs, `historic` the
    overloads of nodes that only such an archive has, `looked_at` the value or statement that was last begun,
    and `on_method` is told of the methods that are called.
    """

    __slots__ = (
        "_numbers", "_temporaries", "annotations", "definitions", "environment", "exited",
        "free_names", "function", "graph", "guesses", "historic", "looked_at", "loop_status", "on_method",
        "positions", "reads", "resolver", "upgrading",
    )  # fmt: skip

    def __init__(
        self,
        function: Function,
        resolver: Resolver,
        positions: Positions,
        upgrading: Upgrading | None = None,
        on_method: Callable[[Function], None] | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        self.function = function
        self.graph = Graph()
        self.resolver = resolver
        self.positions = positions
        self.annotations = annotations or Annotations(resolver, positions)
        self.reads = KnownReads(self.graph)
        self.environment = Environment(self, self.graph.block, None)
        self.definitions = [Definition()]
        self.exited: set[Block] = set()
        self.free_names: dict[str, SugaredValue] = {}
        self.guesses: set[Value] = set()
        self.upgrading = upgrading
        self.historic: dict[Node, str] = {}
        self.on_method = on_method
        self.looked_at: Statement | ast.expr | None = None
        self.loop_status = LoopStatus.OUTSIDE
        self._numbers: dict[tuple[type, int | float | complex], Value] = {}
        self._temporaries = 0

    # --- syntax --------------------------------------------------------------------------------

    def statements(self, statements: Sequence[Statement]) -> None:
        """Emit statements up to the first after which nothing in this block can run."""
        exited = self.exited
        block = self.environment.block
        for statement in statements:
            emit = _STATEMENTS.get(type(statement))
            if emit is None:
                assert isinstance(statement, ast.stmt)
                raise self.at(statement).error(f"{type(statement).__name__} statements are not supported")
            self.looked_at = statement
            emit(self, statement)
            if block in exited:
                return

    def sugared(self, node: ast.expr, binders: int = 1, hint: Type | None = None) -> SugaredValue:
        """What an expression means; `hint` is the type that the place it stands in would like."""
        emit = _EXPRESSIONS.get(type(node))
        if emit is None:
            raise self.at(node).error(f"{type(node).__name__} expressions are not supported")
        return emit(self, node, binders, hint)

    def value(self, node: ast.expr, hint: Type | None = None) -> Value:
        """An expression as a value of the IR."""
        self.looked_at = node
        emit = _EXPRESSIONS.get(type(node))
        sugared = self.sugared(node, 1, hint) if emit is None else emit(self, node, 1, hint)
        value = sugared.value if type(sugared) is SimpleValue else sugared.as_value(self.at(node), self)
        if hint is ANY and value.type is not ANY:
            # Nothing unifies with Any by itself: `x : Any = 1 if c else "a"` needs the branches to be Any.
            value = building.unchecked_cast(self.graph, value, ANY)
        return value

    def condition(self, node: ast.expr) -> Condition:
        """An expression as a condition with what it tells of types."""
        return emit_conditions.emit_condition(self, node)

    def at(self, node: ast.AST) -> SourceRange:
        """The range of a syntax node."""
        return self.positions.of(node)

    def type_of(self, node: ast.expr) -> Type:
        """The type that an annotation stands for."""
        with noting_classes(self, self.at(node)):
            return self.annotations.type_of(node)

    # --- values --------------------------------------------------------------------------------

    def simple(self, value: Value) -> SimpleValue:
        """`value` as a sugared value."""
        return SimpleValue(value)

    def constant(self, value: object, type: Type, at: SourceRange | None = None) -> Value:
        """A constant at the insert point."""
        return self.graph.insert_constant(value, type, at)

    def number(self, value: int | float | complex, at: SourceRange) -> Value:
        """The one constant for a number literal, at the beginning of the graph."""
        if type(value) is int and not -(1 << 63) <= value < 1 << 63:
            raise at.error(TOO_LARGE)
        key = (type(value), value)
        found = self._numbers.get(key)
        if found is None:
            graph = self.graph
            first = graph.block.param_node.next
            assert first is not None
            kind = INT if type(value) is int else FLOAT if type(value) is float else COMPLEX
            with graph.inserting_before(first):
                found = self._numbers[key] = graph.insert_constant(value, kind, at)
        return found

    def builtin(
        self,
        at: SourceRange | None,
        name: str,
        arguments: Sequence[NamedValue],
        keywords: Sequence[NamedValue] = (),
        self_value: NamedValue | None = None,
        binders: int = 1,
    ) -> Value:
        """Emit a call of the operator `name`; several results are packed into a tuple."""
        return emit_builtin_call(self, at or building.NOWHERE, name, arguments, keywords, self_value, binders)

    def guessed(self, node: Node, binders: int) -> Value:
        """The result of a node that stands for something unknown: a tensor, or as many as are bound."""
        outputs = [node.add_output() for _ in range(max(binders, 1))]
        result = outputs[0] if len(outputs) == 1 else building.make_tuple(self.graph, outputs)
        self.guesses.add(result)
        return result

    def temporary(self, prefix: str) -> str:
        """A name that no program can use."""
        name = f"{prefix}{self._temporaries}"
        self._temporaries += 1
        return name

    def attribute_declared_by(
        self, at: SourceRange, owner: ClassType, name: str, value: Value
    ) -> Type | None:
        """Declare the attribute that an `__init__` sets for the first time; None outside of `__init__`."""
        inputs = self.graph.inputs
        if self.function.name != "__init__" or not inputs or inputs[0].type is not owner:
            return None
        if _contains(value.type, owner):
            raise at.error(
                f"Assignment to attribute '{name}' cannot be of a type that contains class "
                f"'{owner.repr_str}'.\nClasses that recursively contain instances of themselves are not yet "
                "supported"
            )
        if self.graph.insert_point.block is not self.graph.block:
            raise at.error(
                "First assignment cannot be in a control-flow block. Initialize the field at the top "
                "level first"
            )
        owner.add_attribute(name, value.type)
        return value.type

    @contextmanager
    def in_loop(self, status: LoopStatus) -> Generator[None]:
        """Context of a loop's body (or of a closure's, which is outside of loops)."""
        before = self.loop_status
        self.loop_status = status
        try:
            yield
        finally:
            self.loop_status = before

    @contextmanager
    def every_read_emitted(self) -> Generator[None]:
        """Context in which reads of variables are nodes without exception, since they will be copied."""
        before = self.reads.enabled
        self.reads.enabled = False
        try:
            yield
        finally:
            self.reads.enabled = before

    # --- definitions ---------------------------------------------------------------------------

    def define(
        self, body: Sequence[Statement], at: SourceRange, block: Block, schema: FunctionSchema
    ) -> None:
        """Emit parameters and body of the function, or closure, at `at` into `block`."""
        definition = self.definitions[-1]
        if schema.returns:
            definition.declared = schema.returns[0].type
        self._emit_parameters(at, block, schema)
        graph = self.graph
        self.statements(body)
        if block not in self.exited:
            if definition.declared not in (None, NONE):
                raise at.error(
                    "Function was not annotated as having type None, but does not return along all paths"
                )
            with graph.inserting_at_end(block):
                emit_exits.emit_return_of(self, at, self.constant(None, NONE, at))
        elif definition.merged is None:
            definition.merged = definition.declared or NONE
        assert definition.merged is not None
        # Holds the place of the results until returns are resolved.
        placeholder = graph.insert(building.uninitialized(graph, definition.merged))
        block.register_output(placeholder.outputs[0])

    def _emit_parameters(self, at: SourceRange, block: Block, schema: FunctionSchema) -> None:
        # Closures in methods are no methods.
        owner = self.function.owner if block is self.graph.block else None
        for place, argument in enumerate(schema.arguments):
            value = block.add_input("", argument.type)
            if is_meaningful(argument.name):
                value.set_debug_name(argument.name)
            if place == 0 and owner is not None and owner.is_module:
                self.environment.set(at, argument.name, self.resolver.own_object(value))
            else:
                self.environment.set_value(at, argument.name, value)

    def begin_definition(self, block: Block) -> None:
        """Enter a closure."""
        self.definitions.append(Definition())
        self.push_frame(block)

    def end_definition(self) -> None:
        """Leave a closure."""
        self.pop_frame()
        self.definitions.pop()

    # --- frames --------------------------------------------------------------------------------

    def push_frame(self, block: Block) -> None:
        """Enter a block."""
        owner = block.owner
        if owner is not None:
            self.environment.emit_stores(owner)
        self.environment = Environment(self, block, self.environment)

    def pop_frame(self) -> Environment:
        """Leave a block; gives its frame."""
        frame = self.environment
        assert frame.parent is not None
        frame.emit_stores(frame.block.return_node)
        self.environment = frame.parent
        return frame


def _contains(kind: Type, owner: ClassType) -> bool:
    """Whether a value of the type may hold an object of the class, at any depth."""
    if is_subtype(kind, owner):
        return True
    slots = [slot.type for slot in kind.attributes.values()] if isinstance(kind, ClassType) else []
    return any(_contains(part, owner) for part in (*kind.parts, *slots))


_STATEMENTS: dict[type[Statement], Callable[[Lowering, Any], None]] = {
    **emit_assignments.STATEMENTS,
    **emit_augmented.STATEMENTS,
    **emit_exits.STATEMENTS,
    **emit_forks.STATEMENTS,
    **emit_if.STATEMENTS,
    **emit_loops.STATEMENTS,
    **emit_scopes.STATEMENTS,
    **straight_lines.STATEMENTS,
}
_EXPRESSIONS: dict[type[ast.expr], Callable[[Lowering, Any, int, Type | None], SugaredValue]] = {
    **emit_calls.EXPRESSIONS,
    **emit_comprehensions.EXPRESSIONS,
    **emit_conditions.EXPRESSIONS,
    **emit_indexing.EXPRESSIONS,
    **emit_literals.EXPRESSIONS,
    **emit_names.EXPRESSIONS,
    **emit_operators.EXPRESSIONS,
}
