"""`if` statements and assertions: which branch is compiled, and which variables leave it."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from jitcore.frontend import building
from jitcore.frontend.emit_conditions import emit_condition, insert_refinements
from jitcore.frontend.emit_exits import raise_assertion
from jitcore.frontend.sugared.simple import SimpleValue
from jitcore.types import NUMBER, OptionalType, Type, UnionType, unify

if TYPE_CHECKING:
    from jitcore.frontend.environment import Environment
    from jitcore.frontend.lowering import Lowering
    from jitcore.frontend.refinement import Condition, Refinements
    from jitcore.ir import Block, Value
    from jitcore.source import SourceRange


def emit_if(lowering: Lowering, node: ast.If) -> None:
    """`if test: ... else: ...`"""
    condition = emit_condition(lowering, node.test)
    emit_branches(
        lowering,
        lowering.at(node),
        condition,
        lambda: lowering.statements(node.body),
        lambda: lowering.statements(node.orelse),
    )


def emit_branches(
    lowering: Lowering,
    at: SourceRange,
    condition: Condition,
    if_true: Callable[[], None],
    if_false: Callable[[], None],
) -> None:
    """Both branches of a statement, or only the one that a static condition leaves."""
    if condition.static is not None:
        refinements = condition.refinements.if_true if condition.static else condition.refinements.if_false
        insert_refinements(lowering, at, refinements)
        (if_true if condition.static else if_false)()
        return
    graph = lowering.graph
    node = graph.create("prim::If", (condition.value,), 0)
    node.source_range = at
    graph.insert(node)
    true_block, false_block = node.add_block(), node.add_block()
    branches = _Branches(
        lowering,
        _emit_branch(lowering, at, true_block, condition.refinements.if_true, if_true),
        _emit_branch(lowering, at, false_block, condition.refinements.if_false, if_false),
    )
    if branches.true_exits and branches.false_exits:
        assert node.block is not None
        lowering.exited.add(node.block)
    for name in branches.assigned():
        branches.join(at, name)


def _emit_branch(
    lowering: Lowering, at: SourceRange, block: Block, refinements: Refinements, emit: Callable[[], None]
) -> Environment:
    lowering.push_frame(block)
    with lowering.graph.inserting_at_end(block):
        insert_refinements(lowering, at, refinements)
        emit()
    return lowering.pop_frame()


class _Branches:
    """The frames of the two branches, and which of them return or raise."""

    __slots__ = ("false", "false_exits", "lowering", "true", "true_exits")

    def __init__(self, lowering: Lowering, true: Environment, false: Environment) -> None:
        self.lowering = lowering
        self.true = true
        self.false = false
        self.true_exits = true.block in lowering.exited
        self.false_exits = false.block in lowering.exited

    def assigned(self) -> list[str]:
        """Variables defined on every way through the statement, sorted."""
        names: set[str] = set()
        self._collect(self.true, self.false, self.false_exits, "false", names)
        self._collect(self.false, self.true, self.true_exits, "true", names)
        return sorted(names)

    def _collect(
        self, here: Environment, there: Environment, exits: bool, which: str, names: set[str]
    ) -> None:
        lowering = self.lowering
        for name in here.variables():
            with lowering.graph.inserting_at_end(there.block):
                # The load that looking up emits is what TorchScript leaves there, too.
                if there.find(name) is not None or exits:
                    names.add(name)
                else:
                    lowering.environment.explain(name, _undefined(name, which))

    def join(self, at: SourceRange, name: str) -> None:
        """Make the variable visible after the statement."""
        true = self._read(self.true, self.true_exits, name, at)
        false = self._read(self.false, self.false_exits, name, at)
        if true is None and false is None:
            return
        if true is None:
            assert false is not None
            true = self._store_uninitialized(self.true.block, name, false.type)
        elif false is None:
            false = self._store_uninitialized(self.false.block, name, true.type)
        environment = self.lowering.environment
        declared = environment.find(name)
        outer: Type | None = declared.value.type if isinstance(declared, SimpleValue) else None
        to_union = isinstance(outer, UnionType | OptionalType) or outer is NUMBER
        unified = unify(true.type, false.type, default_to_union=to_union)
        if unified is None:
            message = (
                f"Type mismatch: {name} is set to type {true.type.repr_str} in the true branch and type "
                f"{false.type.repr_str} in the false branch"
            )
            if self.true.find_in_parents(name) is not None or self.false.find_in_parents(name) is not None:
                raise at.error(message)
            environment.explain(name, lambda: message)
            return
        environment.set_type(name, unified)

    def _read(self, frame: Environment, exits: bool, name: str, at: SourceRange) -> Value | None:
        if exits:
            return None
        with self.lowering.graph.inserting_at_end(frame.block):
            return frame.get_value(name, at)

    def _store_uninitialized(self, block: Block, name: str, kind: Type) -> Value:
        graph = self.lowering.graph
        value = building.uninitialized(graph, kind).insert_before(block.return_node).outputs[0]
        store = graph.create("prim::Store", (value,), 0).set_attribute("name", name)
        store.insert_before(block.return_node)
        return value


def _undefined(name: str, which: str) -> Callable[[], str]:
    return lambda: f"{name} is not defined in the {which} branch"


def emit_assert(lowering: Lowering, node: ast.Assert) -> None:
    """`assert test, message`: an `if` that raises."""
    condition = emit_condition(lowering, node.test)
    at = lowering.at(node)

    def fail() -> None:
        raise_assertion(lowering, at, node.msg)

    emit_branches(lowering, at, condition, _nothing, fail)


def _nothing() -> None:
    """The branch of an assertion that holds."""


def emit_pass(lowering: Lowering, node: ast.Pass) -> None:
    """`pass`"""


STATEMENTS = {ast.If: emit_if, ast.Assert: emit_assert, ast.Pass: emit_pass}
