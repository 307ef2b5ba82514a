"""Returns and jumps to the end of a loop's body become values.

After a node that may have left, the rest of the block runs only if it has not:

    = prim::If(%c)                                %left, %r = prim::If(%c)
      block0(): = prim::ReturnStmt(%1)              block0(): -> (%true, %1)
      block1(): -> ()                               block1(): -> (%false, %uninitialized)
    %2 = rest()                           ->      %s = prim::If(%left)
    = prim::ReturnStmt(%2)                          block0(): -> (%r)
                                                    block1(): %2 = rest()  -> (%2)
                                                  return (%s)

and where the first `prim::If` decides the second, both are made one.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from jitcore.frontend.building import uninitialized
from jitcore.frontend.ssa.consecutive_ifs import merge_consecutive_ifs
from jitcore.frontend.ssa.with_blocks import fold_with_blocks, unfold_with_blocks
from jitcore.ir import Block, Graph, Node, Value
from jitcore.types import BOOL, Type, unify

_EXITS = ("prim::ReturnStmt", "prim::LoopContinuation")
_RELEVANT = frozenset(
    (*_EXITS, "prim::RaiseException", "prim::If", "prim::Loop", "prim::With", "prim::Closure")
)


def transform_exits(graph: Graph) -> None:
    """Remove all exits of a graph."""
    fold_with_blocks(graph)
    for kind in ("prim::LoopContinuation", "prim::ReturnStmt"):
        _ExitTransformer(graph, kind).transform(graph.block)
    if any(node.blocks for node in graph.nodes()):
        merge_consecutive_ifs(graph.block)
        unfold_with_blocks(graph)


class _Status(Enum):
    """Whether an exit is taken."""

    WILL = "will"
    MIGHT = "might"
    WONT = "wont"
    THROWS = "throws"


class _Exit:
    """Whether the target of the exit is left (`taken`, a bool), and the values that it leaves with."""

    __slots__ = ("taken", "values")

    def __init__(self, taken: Value, values: Sequence[Value] = ()) -> None:
        self.taken = taken
        self.values = list(values)


class _ExitTransformer:
    """Removes the exits of one kind. `_target` is the block that an exit found now leaves."""

    def __init__(self, graph: Graph, kind: str) -> None:
        self._graph = graph
        self._kind = kind
        self._target: Block | None = None
        self._placeholders: dict[int, Value] = {}
        first = graph.block.param_node.next
        assert first is not None
        with graph.inserting_before(first):
            self._true = graph.insert_constant(True, BOOL)
            self._false = graph.insert_constant(False, BOOL)
            self._throws = self._placeholder(BOOL)

    def _status(self, jump: _Exit) -> _Status:
        if jump.taken is self._true:
            return _Status.WILL
        if jump.taken is self._false:
            return _Status.WONT
        return _Status.THROWS if jump.taken is self._throws else _Status.MIGHT

    def _placeholder(self, kind: Type) -> Value:
        """The uninitialized value of a type; equal types that are not the same object have one each."""
        found = self._placeholders.get(id(kind))
        if found is None:
            node = uninitialized(self._graph, kind).insert_after(self._graph.block.param_node)
            found = self._placeholders[id(kind)] = node.outputs[0]
        return found

    def _placeholders_for(self, values: Sequence[Value]) -> list[Value]:
        return [self._placeholder(v.type) for v in values]

    def transform(self, block: Block) -> _Exit:
        """Remove the exits of a block; gives what it means for the code after it."""
        outer_target = self._target
        owner = None if block.owner is None else block.owner.kind
        if owner == "prim::Loop":
            if self._kind == "prim::LoopContinuation":
                self._target = block
        elif (owner is None or owner == "prim::Closure") and self._kind == "prim::ReturnStmt":
            self._target = block
        jump = self._transform_nodes(block)
        if self._target is block:
            self._arrive(block, jump)
            # An exit reaches its target and no further, and an exception does not leave a loop
            # that may not be entered.
            jump = _Exit(self._false)
        self._target = outer_target
        return jump

    def _transform_nodes(self, block: Block) -> _Exit:
        jump = _Exit(self._false)
        node = block.param_node.next
        end = block.return_node
        while node is not None and node is not end:
            if node.kind not in _RELEVANT:
                node = node.next
                continue
            following = node.next
            assert following is not None
            jump = self._transform_node(node, jump)
            status = self._status(jump)
            if status in (_Status.WILL, _Status.THROWS):
                self._delete_from(block, following)
                break
            if status is _Status.MIGHT:
                if following is not end:
                    jump = self._guard_from(block, following, jump)
                break
            node = following
        return jump

    def _transform_node(self, node: Node, jump: _Exit) -> _Exit:
        kind = node.kind
        if kind == "prim::RaiseException":
            return _Exit(self._throws)
        if kind in _EXITS:
            if kind == self._kind:
                jump = _Exit(self._true, node.inputs)
                node.destroy()
            return jump
        if kind == "prim::If":
            return self._transform_if(node)
        if kind == "prim::With":
            return self.transform(node.blocks[0])
        if kind == "prim::Closure":
            self.transform(node.blocks[0])
            return jump
        return self._transform_loop(node) if kind == "prim::Loop" else jump

    def _arrive(self, block: Block, jump: _Exit) -> None:
        """Make the target of an exit give the values that it was left with."""
        status = self._status(jump)
        if status is _Status.MIGHT:
            node = self._graph.create("prim::If", (), 0).insert_before(block.return_node)
            node.add_block()
            node.add_block()
            node.add_input(jump.taken)
            self._add_if_outputs(node, jump.values, list(block.outputs))
            _replace_outputs(block, node.outputs)
        elif status is _Status.WILL:
            _replace_outputs(block, jump.values)

    # --- control flow --------------------------------------------------------------------------

    def _transform_if(self, node: Node) -> _Exit:
        then_exit = self.transform(node.blocks[0])
        else_exit = self.transform(node.blocks[1])
        then_status, else_status = self._status(then_exit), self._status(else_exit)
        if then_status is _Status.THROWS:
            status = else_status
        elif else_status is _Status.THROWS or then_status is else_status:
            status = then_status
        else:
            status = _Status.MIGHT
        if status is _Status.THROWS:
            return _Exit(self._throws)
        if status is _Status.WONT:
            return _Exit(self._false)
        # What the branch that goes on would leave with is never read.
        if then_status in (_Status.WONT, _Status.THROWS):
            then_exit = _Exit(then_exit.taken, self._placeholders_for(else_exit.values))
        elif else_status in (_Status.WONT, _Status.THROWS):
            else_exit = _Exit(else_exit.taken, self._placeholders_for(then_exit.values))
        if status is _Status.WILL:
            taken = self._true
        else:
            self._add_if_outputs(node, [then_exit.taken], [else_exit.taken])
            taken = node.outputs[-1]
        before = len(node.outputs)
        self._add_if_outputs(node, then_exit.values, else_exit.values)
        return _Exit(taken, node.outputs[before:])

    def _add_if_outputs(self, node: Node, then_values: Sequence[Value], else_values: Sequence[Value]) -> None:
        for block, values in zip(node.blocks, (then_values, else_values), strict=True):
            for value in values:
                block.register_output(value)
        for a, b in zip(then_values, else_values, strict=True):
            unified = unify(a.type, b.type, default_to_union=True)
            assert unified is not None
            node.add_output(unified)

    def _transform_loop(self, node: Node) -> _Exit:
        body = node.blocks[0]
        jump = self.transform(body)
        if self._status(jump) in (_Status.WONT, _Status.THROWS):
            return _Exit(self._false)
        graph = self._graph
        with graph.inserting_at_end(body):
            guard = graph.insert(graph.create("prim::If", (jump.taken,), 0))
            guard.add_block().register_output(self._false)
            guard.add_block().register_output(body.outputs[0])
            body.replace_output(0, guard.add_output(BOOL))
            # A loop that is not entered is not left either.
            node.add_input(self._false)
            body.add_input("", BOOL)
            body.register_output(jump.taken)
            taken = node.add_output(BOOL)
            results: list[Value] = []
            for value in jump.values:
                node.add_input(self._placeholder(value.type))
                results.append(node.add_output(value.type))
                body.add_input("", value.type)
                body.register_output(value)
        return _Exit(taken, results)

    def _guard_from(self, block: Block, first: Node, jump: _Exit) -> _Exit:
        """Run the nodes from `first` on only if the block has not been jump."""
        graph = self._graph
        guard = graph.create("prim::If", (), 0).insert_before(first)
        guard.add_input(jump.taken)
        gone, stayed = guard.add_block(), guard.add_block()
        stayed.take_from(first)
        outputs = list(block.outputs)
        for value, placeholder in zip(outputs, self._placeholders_for(outputs), strict=True):
            gone.register_output(placeholder)
            stayed.register_output(value)
            guard.add_output(value.type)
        _replace_outputs(block, guard.outputs)
        if block.owner is not None and block.owner.kind == "prim::With":
            self._give_outside(guard, gone, stayed)
        graph.create(self._kind, jump.values, 0).insert_before(gone.return_node)
        return self._transform_if(guard)

    def _give_outside(self, guard: Node, gone: Block, stayed: Block) -> None:
        """Make results of the guard of what the code after a `with` reads of the code guarded inside.

        A `with` is no scope for values. torch forgets this, and hands out graphs that read what is not
        defined. Where the code inside was left, the code after it is not reached either.
        """
        for value in _made_in(stayed):
            outside = [use for use in value.uses if not _is_inside(use[0], stayed)]
            if not outside:
                continue
            gone.register_output(self._placeholder(value.type))
            stayed.register_output(value)
            given = guard.add_output(value.type).copy_metadata(value)
            for user, index in outside:
                user.replace_input(index, given)

    def _delete_from(self, block: Block, first: Node) -> None:
        """Delete the nodes from `first` on: they are never reached."""
        node = block.return_node.prev
        before = first.prev
        while node is not None and node is not before:
            preceding = node.prev
            for output in node.outputs:
                if output.has_uses():
                    output.replace_all_uses_with(self._placeholder(output.type))
            node.destroy()
            node = preceding


def _made_in(block: Block) -> list[Value]:
    """The values that nodes of a block give, those inside of its `with` included."""
    made: list[Value] = []
    for node in block.nodes():
        made.extend(node.outputs)
        if node.kind == "prim::With":
            for inner in node.blocks:
                made.extend(_made_in(inner))
    return made


def _is_inside(node: Node, block: Block) -> bool:
    """Whether a node stands in a block or in a block of one of its nodes."""
    inner: Block | None = node.block
    while inner is not None and inner is not block:
        inner = None if inner.owner is None else inner.owner.block
    return inner is block


def _replace_outputs(block: Block, values: Sequence[Value]) -> None:
    for index in range(len(block.outputs) - 1, -1, -1):
        block.erase_output(index)
    for value in values:
        block.register_output(value)
