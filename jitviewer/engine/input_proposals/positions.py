"""How long a sequence may be, from tables of positions: embeddings or weights with a row for each place."""

from __future__ import annotations

from math import isqrt
from typing import NamedTuple

from jitcore.ir import Graph, Node, ScriptObject, Value
from jitviewer.engine.input_proposals.clues import Clue
from jitviewer.engine.input_proposals.search import operators
from jitviewer.engine.input_proposals.weights import Weight, constant_of, weight_of

_FROM_PLACES = frozenset({"aten::arange", "prim::Constant", "prim::GetAttr"})
"""What makes the places themselves, whatever the input holds."""

_THROUGH = operators("add sub view reshape unsqueeze squeeze expand slice select to t long clone")

_PLACES = 8
"""Length of a sequence of which no more is known than how long it may be."""

_STRIDE = 3
"""The input of a convolution that has its strides."""


class PositionTable(NamedTuple):
    """`rows` of the table; `is_whole` when it is added as it is, so that the length must be just that."""

    rows: int
    is_whole: bool
    owner: str

    def reason(self) -> str:
        """For the person who is proposed the length."""
        what = f"the table of positions {self.owner}".rstrip()
        return f"{what} has {self.rows:,} rows"


def position_table(graph: Graph, module: ScriptObject) -> PositionTable | None:
    """The smallest table of positions that the graph reads, if there is one."""
    found = [table for node in graph.all_nodes() if (table := _table(node, module)) is not None]
    return min(found, key=lambda table: table.rows, default=None)


def fitted(clue: Clue, table: PositionTable, takes_patches: int) -> Clue:
    """The clue with a length that the table has rows for.

    `takes_patches` is the size of the squares that a convolution cuts an image into, 0 if none does so.
    """
    if len(clue.shape) == 4 and takes_patches and table.is_whole:
        # A row for each patch, and one or two for what stands for the whole.
        side = isqrt(table.rows)
        if 0 <= table.rows - side * side <= 2:
            shape = (*clue.shape[:2], side * takes_patches, side * takes_patches)
            channels = clue.reason.partition(";")[0]
            return clue._replace(shape=shape, reason=f"{channels}; {table.reason()}")
    if len(clue.shape) == 2 and not clue.high:
        # Rows of features; the table says that there is a row for each place.
        places = table.rows if table.is_whole else min(table.rows, _PLACES)
        shape = (clue.shape[0], places, clue.shape[1])
        return clue._replace(shape=shape, reason=f"{clue.reason}; {table.reason()}")
    at = len(clue.shape) - (1 if clue.high else 2)
    if at < 1 or len(clue.shape) > 3:
        return clue
    length = clue.shape[at]
    if length == table.rows or (length < table.rows and not table.is_whole):
        return clue
    shape = (*clue.shape[:at], table.rows, *clue.shape[at + 1 :])
    return clue._replace(shape=shape, reason=f"{clue.reason}; {table.reason()}")


def patch_size(graph: Graph, module: ScriptObject) -> int:
    """The side of the squares that the first convolution of images cuts them into; 0 if they overlap."""
    for node in graph.all_nodes():
        if node.kind in ("aten::conv2d", "aten::_convolution"):
            weight = weight_of(node.inputs[1], module)
            strides = constant_of(node.inputs[_STRIDE], module)
            if weight is not None and isinstance(strides, list | tuple) and len(weight.shape) == 4:
                sides = {*weight.shape[2:], *strides}
                size = sides.pop() if len(sides) == 1 else 0
                return size if isinstance(size, int) and size > 1 else 0
            return 0
    return 0


def _table(node: Node, module: ScriptObject) -> PositionTable | None:
    if node.kind == "aten::embedding":
        weight = weight_of(node.inputs[0], module)
        if weight is not None and _is_of_places(node.inputs[1]):
            return PositionTable(weight.shape[0], False, weight.owner)
    elif node.kind == "aten::add":
        for value, other in (node.inputs[:2], node.inputs[1::-1]):
            weight, is_whole = _added(value, module)
            # A bias is a row; a table has one for each place, and is added to what the input became.
            if weight is not None and weight.shape[-2] > 1 and not _is_of_places(other):
                return PositionTable(weight.shape[-2], is_whole, weight.owner)
    return None


def _added(value: Value, module: ScriptObject) -> tuple[Weight | None, bool]:
    is_whole = True
    while value.node.kind == "aten::slice":
        is_whole = False
        value = value.node.inputs[0]
    if value.node.kind != "prim::GetAttr":
        return None, False
    weight = weight_of(value, module)
    if weight is None or len(weight.shape) != 3 or weight.shape[0] != 1:
        return None, False
    return weight, is_whole


def _is_of_places(value: Value) -> bool:
    node = value.node
    while node.kind in _THROUGH and node.inputs:
        node = node.inputs[0].node
    return node.kind in _FROM_PLACES
