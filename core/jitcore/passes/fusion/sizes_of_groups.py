"""Lets groups not give what only its sizes are read of: those follow from the sizes of what is given to it.

As removeOutputsUsedOnlyInSize of libtorch (torch/csrc/jit/passes/tensorexpr_fuser.cpp), which takes the sizes
of products and convolutions for those of their tensors together; here such results stay. It does so with
what is normalized or gets the dtype of another tensor, too, and then gives wrong sizes, or raises; here the
sizes of the first tensor are taken alone, unless those of the others never make a difference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from jitcore.ir import made_from
from jitcore.ops.fusible_operators import deciding_tensors, is_broadcast
from jitcore.ops.lookup import matches
from jitcore.passes.functional_graphs.merging import recording_inside, subgraph_of
from jitcore.passes.inserting import insert_call
from jitcore.passes.rules import names, rule
from jitcore.types import INT, TENSOR, ListType, is_subtype

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitcore.ir import Graph, Node, Value


@rule
def compute_sizes_outside(group: Node) -> None:
    """y, z = TensorExprGroup(x), size(y) -> z = TensorExprGroup(x), size(x)"""
    graph, inside = group.graph, subgraph_of(group)
    behind = group.next
    assert behind is not None
    with (
        compute_sizes_outside.step(
            graph,
            lambda: f"sizes in the group follow from {names(group.inputs)}: it gives nothing for them alone",
            (group,),
        ),
        graph.inserting_before(behind),
        recording_inside(graph, inside),
    ):
        sizes = _Sizes(group, inside).known()
        for place in range(len(group.outputs) - 1, -1, -1):
            output, inner = group.outputs[place], inside.outputs[place]
            if is_read_for_sizes_alone(output) and inner in sizes:
                for user, _ in output.uses:
                    user.output.replace_all_uses_with(sizes[inner])
                    user.destroy()
                group.erase_output(place)
                inside.block.erase_output(place)


def is_read_for_sizes_alone(value: Value) -> bool:
    """Whether all that is read of a value is `aten::size` of all dimensions."""
    return all(matches(user, "aten::size") for user, _ in value.use_map)


class _Sizes:
    """Nodes behind a group that compute the sizes of its values; what is not needed is dead."""

    def __init__(self, group: Node, inside: Graph) -> None:
        self._group = group
        self._inside = inside
        self._graph = group.graph
        self._known: dict[Value, Value] = {}
        # What the sizes of values are together, in terms of tensors whose sizes follow from no others.
        self._made_of: dict[Value, frozenset[Value]] = {}

    def known(self) -> dict[Value, Value]:
        """The sizes of values of the group's graph, as values of the graph around."""
        for outer, inner in zip(self._group.inputs, self._inside.inputs, strict=True):
            if is_subtype(outer.type, TENSOR):
                self._known[inner] = insert_call(self._graph, "aten::size", [outer], self._group)
        for outer, inner in zip(self._group.outputs, self._inside.outputs, strict=True):
            if not is_read_for_sizes_alone(outer):
                self._known[inner] = insert_call(self._graph, "aten::size", [outer], self._group)
        for node in self._inside.nodes():
            if node.kind == "prim::ConstantChunk":
                self._chunk(node)
            elif is_broadcast(node):
                self._broadcast(node)
        return self._known

    def _chunk(self, node: Node) -> None:
        whole = self._known.get(node.inputs[0])
        if whole is None:
            return
        made = self._insert("prim::ChunkSizes", (whole,), 2)
        for name in ("dim", "chunks"):
            made.set_attribute(name, cast("int", node.attributes[name]))
        regular, last = made.outputs
        for output in node.outputs[:-1]:
            self._known.setdefault(output, regular)
        self._known.setdefault(node.outputs[-1], last)

    def _broadcast(self, node: Node) -> None:
        tensors = [value for value in node.inputs if is_subtype(value.type, TENSOR)]
        if not tensors or any(value not in self._known for value in tensors):
            return
        deciding = deciding_tensors(node, tensors)
        made_of = self._made_of[node.output] = self._all_of(deciding)
        together = self._together(tensors)
        # What is computed of all is made in any case, and dead if it is not chosen: values count from there.
        sizes = together if self._all_of(tensors) == made_of else self._together(deciding)
        self._known.setdefault(node.output, sizes)

    def _together(self, tensors: Sequence[Value]) -> Value:
        shapes = [self._known[value] for value in tensors]
        return shapes[0] if len(shapes) == 1 else self._insert("prim::BroadcastSizes", shapes, 1).output

    def _all_of(self, values: Sequence[Value]) -> frozenset[Value]:
        return frozenset(part for value in values for part in self._made_of.get(value, (value,)))

    def _insert(self, kind: str, inputs: Sequence[Value], outputs: int) -> Node:
        made = self._graph.create(kind, inputs, outputs)
        made.set_provenance(made_from(self._group))
        self._graph.insert(made)
        for output in made.outputs:
            output.set_type(ListType(INT))
        return made
