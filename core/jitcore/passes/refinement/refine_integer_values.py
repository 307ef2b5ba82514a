"""Puts constants where comparisons tell what an int is.

%c : bool = aten::eq(%n, %four)                   %c : bool = aten::eq(%n, %four)
%y : int = prim::If(%c)                           %y : int = prim::If(%c)
  block0():                                         block0():
    %1 : int = aten::add(%n, %n)            ->        %2 : int = prim::Constant[value=4]()
    -> (%1)                                           %1 : int = aten::add(%2, %2)
  block1():                                           -> (%1)
    -> (%n)                                         block1():
                                                      -> (%n)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jitcore.ops.lookup import matches
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.constants import constant_int, insert_constant
from jitcore.passes.refinement.known_numbers import KnownNumbers, Numbers
from jitcore.passes.rules import rule
from jitcore.types import INT

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node, Value


class RefineIntegerValues(Pass):
    """Read a constant where an int was compared with it, and the comparison decided on coming here.

    if n == 4: n + n    ->    if n == 4: 4 + 4

    Bodies of loops are not looked into, as in libtorch (torch/csrc/jit/passes/integer_value_refinement.cpp).
    """

    name: ClassVar[str] = "refine-integer-values"
    counterpart: ClassVar[str] = "_jit_pass_refine_integer_values"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Refine what is read in the graph."""
        if not any(_may_tell(node) for node in graph.all_nodes()):
            return False
        refiner = _Refiner()
        refiner.block(graph.block, {})
        return refiner.changed


def _compares_ints(node: Node) -> bool:
    return matches(node, "aten::eq.int", "aten::ne.int")


def _may_tell(node: Node) -> bool:
    """Whether a node compares with a constant an int that others read too."""
    return _compares_ints(node) and any(
        node.inputs[index].node.is_constant and node.inputs[1 - index].use_count > 1 for index in (0, 1)
    )


class _Refiner:
    def __init__(self) -> None:
        self.changed = False
        self._known = KnownNumbers()

    def block(self, block: Block, numbers: Numbers) -> Numbers:
        """Refine a block in which `numbers` hold at first; gives what holds at its end."""
        self._known.enter(numbers)
        for node in block.nodes():
            if _compares_ints(node):
                for index in (0, 1):
                    number = constant_int(node.inputs[index])
                    if number is not None:
                        self._known.note_comparison(node, node.inputs[1 - index], number)
            self._inputs(node)
            if node.kind == "prim::If":
                self._if(node, numbers)
            else:
                self._known.note(node)
        self._inputs(block.return_node)
        self._known.leave()
        return numbers

    def _inputs(self, node: Node) -> None:
        for value in list(dict.fromkeys(node.inputs)):
            number = self._known.number_of(value) if value.type is INT else None
            if number is not None:
                read_known_number(node, value, number)
                self.changed = True

    def _if(self, node: Node, numbers: Numbers) -> None:
        condition = self._known.condition(node)
        then = self.block(node.blocks[0], dict(condition.if_true))
        otherwise = self.block(node.blocks[1], dict(condition.if_false))
        for index in (0, 1):
            self._results(node, index, otherwise if index == 0 else then)
        self._known.join(node, numbers, then, otherwise)

    def _results(self, node: Node, index: int, of_other: Numbers) -> None:
        """Replace results of branch `index` where the other branch gives what they are known to be."""
        mine, other = node.blocks[index], node.blocks[1 - index]
        for place, output in enumerate(node.outputs):
            given = mine.outputs[place]
            constant = constant_int(other.outputs[place])
            if given.type is not INT or constant is None or given.node.is_constant:
                continue
            if not node.is_dominated_by(given.node):
                continue
            known = self._known.number_of(given)
            if known is None:
                known = of_other.get(given)
            if known == constant:
                self.changed |= output.has_uses()
                take_value_of_both(node, output, given, constant)


@rule
def read_known_number(node: Node, value: Value, number: int) -> None:
    """if n == 4: read n -> if n == 4: read 4"""
    graph = node.graph
    with (
        read_known_number.step(
            graph, lambda: f"where {node.kind} reads %{value.name}, it is {number}", (node,)
        ),
        graph.inserting_before(node),
    ):
        constant = insert_constant(graph, number, INT, value.node)
        for index, given in enumerate(node.inputs):
            if given is value:
                node.replace_input(index, constant)


@rule
def take_value_of_both(node: Node, output: Value, given: Value, constant: int) -> None:
    """If(n == 1) that gives 1 or n -> n"""
    with take_value_of_both.step(
        node.graph,
        lambda: (
            f"%{given.name} is {constant} where that is given, so %{output.name} is %{given.name} either way"
        ),
        (node,),
    ):
        output.replace_all_uses_with(given)
