"""What a value is, in words that both graphs share: what it was made from, through nodes that pass on."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from jitcore.diagnose.alignment.operator_kinds import PASSING, SIZE, work_of
from jitcore.printing.printed_values import PrintedTensor
from jitcore.printing.tensor_elements import dtype_name, elements_of, is_tensor, shape_of
from jitcore.types import ClassType

if TYPE_CHECKING:
    from collections.abc import Hashable

    from jitcore.ir import Node, Value

MOST_ELEMENTS: Final = 64
"""Elements of a constant that are part of its label; of larger ones it is type and shape."""

_DEEPEST: Final = 100
"""Nodes that only pass on, one after the other; lists in lists."""

Numbers = dict["Hashable", int]
"""Labels by what they stand for; both graphs share one, so that equal labels are equal numbers."""


class Labels:
    """Numbers for the values of one graph; equal numbers on both sides stand for the same.

    A value has none (None) as long as the node that makes it has no partner. `pairs` has the number of the
    pair of each node that has one, `kept` the arm that the other graph has of an if, `unrolled` are loops of
    which it has the turns.
    """

    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers
        self._constants: dict[Node, int] = {}
        self._known: dict[Value, int] = {}
        self.pairs: dict[Node, int] = {}
        self.kept: dict[Node, int] = {}
        self.unrolled: set[Node] = set()

    def number(self, what: Hashable) -> int:
        """The number of a label."""
        return self._numbers.setdefault(what, len(self._numbers))

    def forget(self) -> None:
        """Find out anew what values are: a node has got another partner than it had."""
        self._known.clear()

    def of(self, value: Value) -> int | None:
        """The number of a value, None while it is not known."""
        return self._of(value, 0, set())

    def _of(self, value: Value, depth: int, unknown: set[Value]) -> int | None:
        """The same, `depth` nodes below who asks. `unknown` are values that it found nothing for so far:
        a list may hold another one twice, and that forty times."""
        node = value.node
        paired = self.pairs.get(node)
        if paired is not None:
            return self.number(("pair", paired, value.offset))
        kind = node.kind
        if kind == "prim::Constant":
            return self._constant(node)
        if depth > _DEEPEST or value in unknown:
            return None
        if kind == "prim::GetAttr":
            return self._attribute(node)
        if kind == "prim::Param" and node.block is node.graph.block:
            return self.number(("input", *_input_name(node, value)))
        found = self._known.get(value)
        if found is None:
            found = self._passed(node, value, depth + 1, unknown)
            if found is None:
                unknown.add(value)
            else:
                self._known[value] = found
        return found

    def _passed(self, node: Node, value: Value, depth: int, unknown: set[Value]) -> int | None:
        kind = node.kind
        if kind in PASSING:
            return self._of(node.inputs[0], depth, unknown)
        if kind in ("prim::ListConstruct", "prim::TupleConstruct"):
            parts: list[int] = []
            for part in node.inputs:
                label = self._of(part, depth, unknown)
                if label is None:
                    return None
                parts.append(label)
            return self.number(("parts", *parts))
        if kind in ("prim::TupleUnpack", "prim::ListUnpack"):
            made = node.inputs[0].node
            if made.kind in ("prim::TupleConstruct", "prim::ListConstruct") and value.offset < len(
                made.inputs
            ):
                return self._of(made.inputs[value.offset], depth, unknown)
            if made.kind == "aten::size" and len(made.inputs) == 1:
                of = self._of(made.inputs[0], depth, unknown)
                dimension = self.number(("constant", value.offset))
                return None if of is None else self.number(("size", of, dimension))
            whole = self._of(node.inputs[0], depth, unknown)
            return None if whole is None else self.number(("part", whole, value.offset))
        if kind == "prim::If" and node in self.kept:
            return self._of(node.blocks[self.kept[node]].outputs[value.offset], depth, unknown)
        if kind == "prim::Loop" and node in self.unrolled:
            return self._of(node.blocks[0].outputs[value.offset + 1], depth, unknown)
        if work_of(node) == SIZE:
            return self._size(node, depth, unknown)
        return None

    def _size(self, node: Node, depth: int, unknown: set[Value]) -> int | None:
        measured = node.inputs[0] if node.kind == "aten::size" else node.inputs[0].node.inputs[0]
        of, dimension = self._of(measured, depth, unknown), self._of(node.inputs[1], depth, unknown)
        return None if of is None or dimension is None else self.number(("size", of, dimension))

    def _attribute(self, node: Node) -> int | None:
        path: list[str] = []
        value = node.outputs[0]
        while value.node.kind == "prim::GetAttr":
            path.append(str(value.node.attributes["name"]))
            value = value.node.inputs[0]
        if value.node.kind != "prim::Param":
            return None
        return self.number(("attribute", *reversed(path)))

    def _constant(self, node: Node) -> int:
        found = self._constants.get(node)
        if found is None:
            found = self._constants[node] = self.number(("constant", constant_label(node)))
        return found


def _input_name(node: Node, value: Value) -> tuple[Hashable, ...]:
    """Inputs by their order, without the object of a method: a function has none."""
    has_object = isinstance(node.outputs[0].type, ClassType)
    return (value.offset - has_object,)


def constant_label(node: Node) -> Hashable:
    """What a constant holds: a number is the same as a tensor of that one number, as a tracer makes it."""
    return _label(node.attributes.get("value", node.attributes.get("name")))


def _label(value: object) -> Hashable:
    if isinstance(value, float) and math.isnan(value):
        return "nan"
    if value is None or isinstance(value, bool | int | float | complex | str):
        return value
    if isinstance(value, list | tuple):
        return ("list", *[_label(part) for part in value])
    if is_tensor(value):
        return _tensor_label(value)
    return type(value).__name__


def _tensor_label(tensor: object) -> Hashable:
    shape = shape_of(tensor)
    count = math.prod(shape)
    device = str(getattr(tensor, "device", "cpu"))
    if isinstance(tensor, PrintedTensor) and (tensor.shape is None or count <= MOST_ELEMENTS):
        # Read from a text, which does not have the elements to full precision.
        return ("text", tensor.text)
    if count > MOST_ELEMENTS or device == "meta":
        return (dtype_name(tensor), shape)
    try:
        elements = [_label(element) for element in elements_of(tensor)]
    except (TypeError, ValueError, RuntimeError):
        # Of a kind whose elements nobody shows; layouts without rows are among them.
        return (dtype_name(tensor), shape)
    return elements[0] if not shape and count == 1 else (dtype_name(tensor), shape, *elements)
