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


_LENGTH = 8
"""Length of a dimension that nothing but its being there is known of."""

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
    # Of each value whether it still has the shape of the input, but for so many dimensions that a place was
    # chosen of, as of each step of a sequence.
    pending: deque[tuple[Value, bool, int]] = deque([(value, True, 0)])
    seen = {value}
    while pending and len(seen) < _SEARCH_LIMIT:
        current, has_shape, chosen = pending.popleft()
        for user, index in current.uses:
            clue = clue_of(user, index, module)
            if clue is not None and (has_shape or clue.high):
                return clue if clue.high else of_rank(clue, len(clue.shape) + chosen)
            if _chooses_a_place(user, index):
                following = [(output, True, chosen + 1) for output in user.outputs]
            else:
                following = [(output, keeps, chosen) for output, keeps in _following(user, index)]
            for output, keeps, more in following:
                if output not in seen:
                    seen.add(output)
                    pending.append((output, has_shape and keeps, more))
    return None


def of_rank(clue: Clue, rank: int) -> Clue:
    """The clue with as many dimensions as are asked for, put in after the first."""
    missing = rank - len(clue.shape)
    if missing <= 0:
        return clue
    first, *rest = clue.shape
    return clue._replace(shape=(first, *[_LENGTH] * missing, *rest))


def _chooses_a_place(user: Node, index: int) -> bool:
    """Whether it takes one place of a dimension before the last: features stay what they are."""
    if user.kind != "aten::select" or index:
        return False
    dimension = user.inputs[1].node.attributes.get("value")
    return isinstance(dimension, int) and dimension in (0, 1)


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
    if user.kind in _KEEP_SHAPE or _takes_rows(user):
        return [(output, True) for output in user.outputs]
    if user.kind in _KEEP_NUMBERS:
        return [(output, False) for output in user.outputs]
    if user.kind == "prim::Return" and user.block is not None and user.block.owner is not None:
        owner = user.block.owner
        return [(owner.outputs[index], True)] if owner.kind == "prim::If" else []
    return []


def _takes_rows(user: Node) -> bool:
    """Whether it takes some of the samples, or all of them, as `x[:, step]` does before it chooses a step."""
    return user.kind == "aten::slice" and user.inputs[1].node.attributes.get("value") == 0
