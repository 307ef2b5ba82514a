"""Notes how often the sizes that gradients are summed up to were None: then there is nothing to sum up.

%2 = aten::_grad_sum_to_size(%1, %size)    ->    %3 = prim::profile_ivalue[none_counts={...}](%size)
                                                 %2 = aten::_grad_sum_to_size(%1, %3)

As `InsertProfileNodesForSpecializeAutogradZero` of torch/csrc/jit/passes/specialize_autogradzero.cpp.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jitcore.types import OptionalType

if TYPE_CHECKING:
    from jitcore.ir import Block, Node, Value

PROFILE_OF_VALUE: Final = "prim::profile_ivalue"
NONE_COUNTS: Final = "none_counts"
NONE: Final = "num_none"
PRESENT: Final = "num_present"


def note_sizes(block: Block) -> None:
    """Put a node behind what gives each such size; of a graph that was instrumented already."""
    for node in block.nodes():
        for value in list(node.inputs):
            if isinstance(value.type, OptionalType) and _is_summed_up_to(value):
                _note(value)
        for inner in node.blocks:
            note_sizes(inner)


def _is_summed_up_to(value: Value) -> bool:
    return any(user.kind == "aten::_grad_sum_to_size" for user, _ in value.uses)


def _note(value: Value) -> Node:
    graph = value.graph
    counter = graph.create(PROFILE_OF_VALUE, (value,))
    counter.set_attribute(NONE_COUNTS, {NONE: 0, PRESENT: 0})
    counter.output.set_type(value.type)
    value.replace_all_uses_with(counter.output)
    counter.replace_input(0, value)
    return counter.insert_after(value.node)
