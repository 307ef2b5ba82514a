"""Dead code elimination: nodes whose results nobody needs are removed.

%1 : Tensor = aten::neg(%x)       ->
return (%x)                             return (%x)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jitcore.ir import Graph
from jitcore.passes.alias_analysis import AliasDb
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.liveness import Liveness
from jitcore.passes.options import PassOption
from jitcore.passes.plain_liveness import has_effects, reads_tell_needs
from jitcore.passes.plainly_dead import plainly_dead_nodes
from jitcore.passes.rules import names, rule

if TYPE_CHECKING:
    from jitcore.ir import Block, Node, Value


class DeadCodeElimination(Pass):
    """Drop nodes whose results nobody reads and that have no effect.

    %1 : Tensor = aten::neg(%x)      ->
    return (%x)                          return (%x)

    Results of `prim::If` and values carried through a `prim::Loop` go too when nobody needs them.
    Nodes that write to a tensor or a list stay, as in libtorch's pass of the same name; other
    passes clean up with `eliminate_dead_code`, which may know that nobody reads what was written.
    """

    name: ClassVar[str] = "dce"
    counterpart: ClassVar[str] = "_jit_pass_dce"
    refuses: ClassVar[bool] = False
    options: ClassVar[tuple[PassOption, ...]] = (
        PassOption(
            "allow_deleting_nodes_with_side_effects", False,
            "drop what only prints, writes or raises as well, if nobody reads what it gives",
        ),
    )  # fmt: skip

    def __init__(self, allow_deleting_nodes_with_side_effects: bool = False) -> None:
        self.effects_may_go = allow_deleting_nodes_with_side_effects

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Remove dead nodes from all blocks."""
        return eliminate_dead_code(graph.block, effects_may_go=self.effects_may_go)


def eliminate_dead_code(block: Block, effects_may_go: bool = False) -> bool:
    """Remove the nodes that `block` does not need; whatever writes is taken to be needed."""
    changed = None if effects_may_go else _drop_plainly_dead(block, None)
    return _Sweeper(block, None, effects_may_go).changed if changed is None else changed


def eliminate_dead_code_outside_of_blocks(block: Block) -> bool:
    """Remove the nodes of `block` itself that it does not need, and leave those in blocks of its nodes."""
    return _Sweeper(block, None, effects_may_go=False, recurse=False).changed


def eliminate_dead_code_with_aliases(graph: Graph) -> bool:
    """Remove the nodes that `graph` does not need, among them writes to what nobody reads."""
    changed = _drop_plainly_dead(graph.block, graph)
    return _Sweeper(graph.block, graph, False).changed if changed is None else changed


def _drop_plainly_dead(block: Block, graph: Graph | None) -> bool | None:
    """Remove what is dead if that is plain to see, else give None."""
    dead = plainly_dead_nodes(block, graph)
    if not dead:
        return None if dead is None else False
    if block.graph.journal is None:
        for node in dead:
            node.destroy()
    else:
        _drop_from_the_end(block, set(dead))
    return True


def _drop_from_the_end(block: Block, dead: set[Node]) -> None:
    """Record each node by itself, in libtorch's order: the last first, what is in blocks before them."""
    for node in block.nodes_reversed():
        for inner in node.blocks:
            _drop_from_the_end(inner, dead)
        if node in dead:
            drop_node(node)


class _Sweeper:
    def __init__(
        self, block: Block, analyzed: Graph | None, effects_may_go: bool, recurse: bool = True
    ) -> None:
        self.changed = _drop_dead_fork_inputs(block, recurse)
        self._recurse = recurse
        self._with_aliases = analyzed is not None
        self._effects_may_go = effects_may_go
        self._marked: set[Node] | None = None
        self._live: set[Value] = set()
        self._asked_for: set[Node] = set()
        if not recurse or not reads_tell_needs(block, analyzed):
            liveness = Liveness(None if analyzed is None else AliasDb(analyzed), effects_may_go)
            liveness.mark_from(block)
            self._marked = liveness.marked
        self._sweep(block)

    def _sweep(self, block: Block) -> None:
        start = block.param_node
        node = block.return_node.prev
        while node is not None and node is not start:
            preceding = node.prev
            given: list[Value] = []
            if node.blocks:
                if self._marked is None:
                    self._note_live_results(node)
                if node.kind == "prim::If" or node.kind == "prim::GradOf":
                    self._drop_branch_results(node)
                elif node.kind == "prim::Loop":
                    given = list(node.inputs)
                    self._drop_carried_values(node)
                if self._recurse:
                    for inner in node.blocks:
                        self._sweep(inner)
            if not node.has_uses() and not self._is_needed(node):
                drop_node(node)
                self.changed = True
            else:
                self._live.update(given)
            node = preceding

    def _note_live_results(self, node: Node) -> None:
        """Note which results of blocks are live although sweeping is going to leave nobody who reads them.

        As libtorch has it, which marks before it drops anything: what decides on the next round of a
        loop, what a round gives to the next, and what was given to a loop that stays.
        """
        live = self._live
        if any(output in live for output in node.outputs):
            # The node stays even if these results go.
            self._asked_for.add(node)
        if node.kind == "prim::Loop":
            body = node.blocks[0]
            live.add(body.outputs[0])
            for output, given, carried in zip(node.outputs, body.outputs[1:], body.inputs[1:], strict=True):
                if output in live or carried.has_uses():
                    live.add(given)
        elif node.kind == "prim::If":
            for index, output in enumerate(node.outputs):
                if output in live:
                    live.update(block.outputs[index] for block in node.blocks)

    def _is_needed(self, node: Node) -> bool:
        """Whether a node that nobody reads has to stay."""
        if self._marked is not None:
            return node in self._marked
        if node in self._asked_for or any(output in self._live for output in node.outputs):
            return True
        # Its blocks were swept before: what is left in them has an effect, or decides on the next round.
        if any(block.param_node.next is not block.return_node for block in node.blocks):
            return True
        return not self._effects_may_go and has_effects(node, self._with_aliases)

    def _drop_branch_results(self, node: Node) -> None:
        for index in range(len(node.outputs) - 1, -1, -1):
            if not node.outputs[index].has_uses():
                drop_branch_result(node, index)
                self.changed = True

    def _drop_carried_values(self, node: Node) -> None:
        body = node.blocks[0]
        for index in range(len(node.outputs) - 1, -1, -1):
            if not node.outputs[index].has_uses() and not body.inputs[index + 1].has_uses():
                drop_carried_value(node, index)
                self.changed = True


@rule
def drop_node(node: Node) -> None:
    """a node that nobody needs -> nothing"""

    def because() -> str:
        if not node.outputs:
            return f"{node.kind} gives nothing and what it does is seen by nobody, so it goes"
        if node.is_constant:
            return f"nobody reads the constant %{node.output.name}, so it goes"
        return (
            f"nobody reads {names(node.outputs)}, and {node.kind} does nothing else that is seen, so it goes"
        )

    with drop_node.step(node.graph, because, (node,)):
        node.destroy()


@rule
def drop_branch_result(node: Node, index: int) -> None:
    """a result of prim::If that nobody reads -> no result"""
    with drop_branch_result.step(
        node.graph,
        lambda: f"nobody reads %{node.outputs[index].name}, so the branches need not give it",
        (node,),
    ):
        node.erase_output(index)
        for block in node.blocks:
            block.erase_output(index)


@rule
def drop_carried_value(node: Node, index: int) -> None:
    """a value carried through prim::Loop that nobody reads -> no such value"""
    body = node.blocks[0]
    with drop_carried_value.step(
        node.graph,
        lambda: (
            f"nobody reads %{node.outputs[index].name}, nor %{body.inputs[index + 1].name} inside the loop, "
            "so the loop need not carry it"
        ),
        (node,),
    ):
        node.erase_output(index)
        node.remove_input(index + 2)
        body.erase_input(index + 1)
        body.erase_output(index + 1)


@rule
def drop_fork_input(node: Node, index: int) -> None:
    """an input of prim::fork that the forked graph does not read -> no such input"""
    subgraph = node.attributes["Subgraph"]
    if not isinstance(subgraph, Graph):
        raise TypeError("a fork without a graph")
    with drop_fork_input.step(
        node.graph,
        lambda: f"what is forked does not read %{node.inputs[index].name}, so it is not passed",
        (node,),
    ):
        outer_journal, subgraph.journal = subgraph.journal, node.graph.journal
        try:
            subgraph.block.erase_input(index)
        finally:
            subgraph.journal = outer_journal
        node.remove_input(index)


def _drop_dead_fork_inputs(block: Block, recurse: bool = True) -> bool:
    changed = False
    node: Node | None = block.param_node
    while (node := node.next) is not None:
        if recurse:
            for inner in node.blocks:
                changed |= _drop_dead_fork_inputs(inner)
        if node.kind != "prim::fork":
            continue
        subgraph = node.attributes.get("Subgraph")
        if not isinstance(subgraph, Graph):
            continue
        index = 0
        while index < len(subgraph.inputs):
            if not subgraph.inputs[index].has_uses():
                # The next input takes this index and is looked at never, as in libtorch.
                drop_fork_input(node, index)
                changed = True
            index += 1
    return changed
