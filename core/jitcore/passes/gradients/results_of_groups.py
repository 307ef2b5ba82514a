"""Says of what groups give whether it requires gradients, as far as that was noted behind the groups.

As the end of torch/csrc/jit/passes/create_autodiff_subgraphs.cpp.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.passes.functional_graphs.merging import recording_inside, subgraph_of
from jitcore.passes.gradients.gradient import GROUP, groups_of
from jitcore.passes.gradients.requires_grad import PROFILE, PROFILED_TYPE, with_requires_grad
from jitcore.passes.rules import rule
from jitcore.types import TensorType

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node, Value


def say_what_results_require(graph: Graph) -> None:
    """Give results of groups that were not noted themselves what was noted where they are read."""
    contexts = _Contexts(graph)
    for group in groups_of(graph):
        for output, value in zip(subgraph_of(group).outputs, group.outputs, strict=True):
            kind = output.type
            if output.node.kind == PROFILE or not isinstance(kind, TensorType):
                continue
            noted = _noted_behind(group, value, contexts)
            if kind.requires_grad is None and noted is not None:
                know_of_gradients(group, output, with_requires_grad(kind, noted))


@rule
def know_of_gradients(group: Node, output: Value, kind: TensorType) -> None:
    """a result of DifferentiableGraph : Tensor -> Tensor(requires_grad=1)"""
    subgraph = subgraph_of(group)
    with (
        know_of_gradients.step(
            group.graph,
            lambda: f"what reads %{output.name} of the group noted whether it requires one",
            (group,),
        ),
        recording_inside(group.graph, subgraph),
    ):
        output.set_type(kind)


def _noted_behind(group: Node, value: Value, contexts: _Contexts) -> bool | None:
    for reader, place in value.uses:
        if not contexts.is_same(reader, group):
            continue
        found = _noted_by(reader)
        if found is None and reader.kind == GROUP:
            # What notes it may have come into the group that reads it.
            inner = subgraph_of(reader).inputs[place]
            known = (_noted_by(one) for one, _ in inner.uses if contexts.is_same(one, group))
            found = next((one for one in known if one is not None), None)
        if found is not None:
            return found
    return None


def _noted_by(node: Node) -> bool | None:
    noted = node.attributes.get(PROFILED_TYPE) if node.kind == PROFILE else None
    return noted.requires_grad if isinstance(noted, TensorType) else None


class _Contexts:
    """The `with` that each node stands in: what is noted without gradients says nothing of outside."""

    def __init__(self, graph: Graph) -> None:
        self._entered: list[Node | None] = [None]
        self._of: dict[Node, Node | None] = {}
        self._go_through(graph.block)

    def is_same(self, node: Node, other: Node) -> bool:
        """Whether both stand in the same context, as far as is known of `node`."""
        return node not in self._of or self._of[node] is self._of[other]

    def _go_through(self, block: Block) -> None:
        for node in block.nodes():
            self._of[node] = self._entered[-1]
            if node.kind == "prim::Enter":
                self._entered.append(node)
            elif node.kind == "prim::Exit":
                self._entered.pop()
            for inner in node.blocks:
                self._go_through(inner)
            if node.kind == GROUP:
                self._go_through(subgraph_of(node).block)
