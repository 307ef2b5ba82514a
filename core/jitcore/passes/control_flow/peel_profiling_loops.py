"""Loop peeling: the first round of a loop stands in a loop of its own.

%y = prim::Loop(%n, %c, %x)             %m : int = prim::min(%n, %one)
  block0(%i, %a):                       %z, %d = prim::Loop(%m, %c, %x, %c), one round, and the condition
    %b = aten::neg(%a)            ->    %r : int = aten::sub(%n, %m)
    -> (%c, %b)                         %y = prim::Loop(%r, %d, %z), the others
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jitcore.ir import made_from
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.constants import insert_constant
from jitcore.passes.control_flow.unrolling_limits import UnrollingLimits
from jitcore.passes.inserting import insert_call
from jitcore.passes.rules import rule
from jitcore.types import INT, TENSOR, is_subtype

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node


class PeelProfilingLoops(Pass):
    """Let the first round of loops in which tensors are read stand in a loop before them.

    prim::Loop(%n, %c, %x)    ->    a loop of min(%n, 1) rounds, and one of the others

    What is profiled in the first round then says nothing of the others, whose tensors may be of other shapes.
    A tensor that only a loop inside reads makes that one peeled. As torch/csrc/jit/passes/loop_unrolling.cpp.
    Raises `JitError` where that would make too large a graph.
    """

    name: ClassVar[str] = "peel-profiling-loops"
    counterpart: ClassVar[str] = "torch::jit::PeelProfilingLoops"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Peel outer loops before those that they contain."""
        found = _Loops()
        found.look_at(graph.block, None)
        limits = UnrollingLimits(graph)
        for loop in found.to_peel:
            limits.take(loop.blocks[0], 1)
            peel_loop(loop)
        return bool(found.to_peel)


class _Loops:
    """The loops to be peeled, in the order in which that is done."""

    def __init__(self) -> None:
        self.to_peel: list[Node] = []

    def look_at(self, block: Block, loop: Node | None) -> None:
        """Find what is to be peeled: `loop`, in which the block is and which may be, and loops inside."""
        if loop is not None and any(map(_reads_tensor, (*block.nodes(), block.return_node))):
            self.to_peel.append(loop)
            loop = None
        for node in block.nodes():
            inside = node if node.kind == "prim::Loop" else loop
            for inner in node.blocks:
                known = len(self.to_peel)
                self.look_at(inner, inside)
                if inside is not None and inside in self.to_peel[known:]:
                    # Another branch does not make it peeled again.
                    inside = None


def _reads_tensor(node: Node) -> bool:
    return any(is_subtype(value.type, TENSOR) for value in node.inputs)


@rule
def peel_loop(loop: Node) -> None:
    """Loop(n, c, x) -> Loop(n - min(n, 1), d, Loop(min(n, 1), c, x))"""
    graph = loop.graph
    rounds, condition = loop.inputs[:2]
    body = loop.blocks[0]
    with peel_loop.step(
        graph, lambda: "the loop reads tensors, so its first round gets a loop of its own", (loop,)
    ):
        with graph.inserting_before(loop):
            one = insert_constant(graph, 1, INT, loop)
            first = insert_call(graph, "prim::min", [rounds, one], loop)
            peeled = graph.create_clone(loop, lambda value: value)
            # The condition is carried too, so that it tells whether there are other rounds.
            peeled.add_input(condition)
            inner = peeled.blocks[0]
            inner.add_input().copy_metadata(condition)
            following = inner.outputs[0]
            inner.register_output(following)
            peeled.add_output().copy_metadata(following)
            peeled.set_provenance(made_from(loop))
            graph.insert(peeled)
            peeled.replace_input(0, first)
            loop.replace_input(0, insert_call(graph, "aten::sub", [rounds, first], loop))
        loop.replace_input(1, peeled.outputs[-1])
        for place, value in enumerate(peeled.outputs[:-1]):
            loop.replace_input(2 + place, value)
        begin = body.param_node.next
        assert begin is not None
        with graph.inserting_before(begin):
            # Made of two other values first, so that replacing the number does not replace it here.
            number = insert_call(graph, "aten::add", [first, first], loop)
        body.inputs[0].replace_all_uses_with(number)
        number.node.replace_input(0, body.inputs[0])
