"""Follows an input through the graph to the first operator that tells what it has to be."""

from __future__ import annotations

from collections import deque

from jitcore.ir import Graph, Node, ScriptObject, Value
from jitviewer.engine.input_proposals.clues import Clue, clue_of, operand_of_clue

_SEARCH_LIMIT = 4000
"""Values looked at before a search is given up."""


def operators(names: str) -> frozenset[str]:
    """`aten::relu` and the like, of their names with spaces between."""
    return frozenset("aten::" + name for name in names.split())


_KEEP_SHAPE = operators("""
    relu relu_ to dropout dropout_ contiguous detach clone add sub mul div neg gelu tanh sigmoid batch_norm
    layer_norm type_as float cat hardtanh transpose quantize_per_tensor dequantize hardswish silu pad
""") | {"prim::unchecked_cast"}
"""Operators that leave the number of channels or features as it is (`cat` and `transpose` by luck only)."""

_KEEP_NUMBERS = operators("""
    view reshape flatten unsqueeze squeeze slice select t permute long int expand __getitem__
""") | {"prim::ListUnpack"}
"""Operators that change the shape but not which numbers there are, which is what an embedding tells of."""


def find_clue(value: Value, module: ScriptObject) -> Clue | None:
    """The first clue on the way of a value, nearest first."""
    pending: deque[tuple[Value, bool]] = deque([(value, True)])
    seen = {value}
    while pending and len(seen) < _SEARCH_LIMIT:
        current, has_shape = pending.popleft()
        for user, index in current.uses:
            clue = clue_of(user, index, module)
            if clue is not None and (has_shape or clue.high):
                return clue
            for output, keeps in _following(user, index):
                if output not in seen:
                    seen.add(output)
                    pending.append((output, has_shape and keeps))
    return None


def first_clue(graph: Graph, module: ScriptObject) -> Clue | None:
    """The clue of the first operator that gives one, whatever it is given: often the input, reshaped."""
    for node in graph.all_nodes():
        operand = operand_of_clue(node)
        clue = clue_of(node, operand, module) if operand is not None else None
        if clue is not None:
            return clue
    return None


def _following(user: Node, index: int) -> list[tuple[Value, bool]]:
    """Where a value goes on to, and whether it has its shape there."""
    if user.kind in _KEEP_SHAPE:
        return [(output, True) for output in user.outputs]
    if user.kind in _KEEP_NUMBERS:
        return [(output, False) for output in user.outputs]
    if user.kind == "prim::Return" and user.block is not None and user.block.owner is not None:
        owner = user.block.owner
        return [(owner.outputs[index], True)] if owner.kind == "prim::If" else []
    return []
