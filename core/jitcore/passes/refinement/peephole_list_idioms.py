"""The peephole rules about lists by themselves, and what comparisons tell of their lengths.

%l : Tensor[] = prim::ListConstruct(%x, %y)
%n : int = aten::len(%l)                          ->    %n : int = prim::Constant[value=2]()
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jitcore.ops.lookup import matches
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.constants import constant_int
from jitcore.passes.options import PassOption
from jitcore.passes.peephole.list_idioms import mutated_values, optimize_list_idioms
from jitcore.passes.refinement.known_numbers import KnownNumbers, Numbers
from jitcore.passes.rules import rule
from jitcore.types import INT, ListType

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node, Value


class PeepholeListIdioms(Pass):
    """Read lengths, items and slices of lists from where they are built.

    len([a, b]), [a, b][1], [a] + [b], [a, b][0:1]    ->    2, b, [a, b], [a]

    With `refine_list_len` lengths are read from comparisons too: in `if len(l) == 4`, `len(l)` is 4. Lists
    that are written to are left alone.
    """

    name: ClassVar[str] = "peephole-list-idioms"
    counterpart: ClassVar[str] = "_jit_pass_peephole_list_idioms"
    options: ClassVar[tuple[PassOption, ...]] = (
        PassOption("refine_list_len", False, "use what comparisons tell of the lengths of lists"),
    )

    def __init__(self, refine_list_len: bool = False) -> None:
        self.refines_lengths = refine_list_len

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Apply the rules in all blocks."""
        if not self.refines_lengths:
            return optimize_list_idioms(graph, graph.block.nodes_inside_out())
        mutated = mutated_values(graph, ListType.kind)
        changed = optimize_list_idioms(graph, graph.block.nodes_inside_out())
        lists = _measured_more_than_once(graph) - mutated
        refiner = _LengthRefiner(lists)
        if lists:
            refiner.block(graph.block, {})
        return refiner.changed or changed


def _measured_more_than_once(graph: Graph) -> set[Value]:
    """Lists whose lengths are asked for at more than one place."""
    once: set[Value] = set()
    found: set[Value] = set()
    for node in graph.all_nodes():
        if node.kind == "aten::len" and isinstance(node.inputs[0].type, ListType):
            (found if node.inputs[0] in once else once).add(node.inputs[0])
    return found


class _LengthRefiner:
    def __init__(self, lists: set[Value]) -> None:
        self.changed = False
        self._lists = lists
        self._known = KnownNumbers()

    def block(self, block: Block, numbers: Numbers) -> Numbers:
        """Refine a block in which lists are known to be `numbers` long; gives what holds at its end."""
        self._known.enter(numbers)
        for node in block.nodes():
            if matches(node, "aten::eq.int", "aten::ne.int"):
                self._comparison(node)
            elif node.kind == "aten::len":
                length = self._known.number_of(node.inputs[0])
                if length is not None:
                    read_known_length(node, length)
                    self.changed = True
            elif node.kind == "prim::If":
                condition = self._known.condition(node)
                then = self.block(node.blocks[0], dict(condition.if_true))
                otherwise = self.block(node.blocks[1], dict(condition.if_false))
                self._known.join(node, numbers, then, otherwise)
            else:
                self._known.note(node)
        self._known.leave()
        return numbers

    def _comparison(self, node: Node) -> None:
        for index in (0, 1):
            number = constant_int(node.inputs[index])
            measured = node.inputs[1 - index].node
            if (
                number is None
                or not matches(measured, "aten::len.t")
                or measured.inputs[0] not in self._lists
            ):
                continue
            self._known.note_comparison(node, measured.inputs[0], number)


@rule
def read_known_length(node: Node, length: int) -> None:
    """if len(l) == 4: len(l) -> if len(l) == 4: 4"""
    read_known_length.replace_with_constant(
        node, length, lambda: f"%{node.inputs[0].name} is known to be {length} long here", declared=INT
    )
