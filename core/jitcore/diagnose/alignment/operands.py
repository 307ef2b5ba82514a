"""What paired nodes read: equal constants and attributes, and constants of what the other side computes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.diagnose.alignment.findings import BurntConstant
from jitcore.diagnose.alignment.operator_kinds import PASSING
from jitcore.diagnose.alignment.pair import Pair
from jitcore.ops.lookup import schema_of
from jitcore.printing.tensor_text import tensor_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jitcore.diagnose.alignment.block_aligner import PairedItem
    from jitcore.diagnose.alignment.findings import Origin, Side
    from jitcore.diagnose.alignment.matching import Matching
    from jitcore.ir import Node, Value

_COLLECTIONS = ("prim::ListConstruct", "prim::TupleConstruct")
_DEEPEST = 100


class Operands:
    """Goes up from the operands of all pairs. Attributes: `pairs` of nodes that only give or pass values,
    `constants` that one side computes."""

    def __init__(self, matching: Matching) -> None:
        self._matching = matching
        self._met: set[tuple[Node, Node]] = set()
        self._burnt: set[tuple[int, int, str]] = set()
        self.pairs: list[Pair] = []
        self.constants: list[BurntConstant] = []

    def follow(self, paired: PairedItem) -> None:
        """Compare what the two nodes of a pair read."""
        left, right = paired.left.node, paired.right.node
        for name, one, other in _operands(left, right):
            self._follow(one, other, name, (left, right), 0)

    def follow_results(self, left: Node, right: Node) -> None:
        """Compare what two blocks give."""
        for index, (one, other) in enumerate(zip(left.inputs, right.inputs, strict=False)):
            self._follow(one, other, f"result {index}", (left, right), 0)

    def _follow(self, one: Value, other: Value, name: str, users: tuple[Node, Node], depth: int) -> None:
        left, right = self._seen_through(one, True), self._seen_through(other, False)
        first, second = left.node, right.node
        if (first, second) in self._met or depth > _DEEPEST:
            return
        is_left, is_right = first.is_constant, second.is_constant
        if is_left != is_right:
            self._burn(left, right, "left" if is_left else "right", name, users)
            return
        if first.kind != second.kind or first in self._paired(True) or second in self._paired(False):
            return
        self._met.add((first, second))
        if first.kind in _COLLECTIONS:
            if len(first.inputs) != len(second.inputs):
                return
            for index, (a, b) in enumerate(zip(first.inputs, second.inputs, strict=True)):
                self._follow(a, b, f"{name}[{index}]", users, depth + 1)
        elif first.kind == "prim::GetAttr":
            if self._matching.left.of(left) != self._matching.right.of(right):
                return
            self._follow(first.inputs[0], second.inputs[0], name, users, depth + 1)
        elif not first.is_constant:
            return
        self.pairs.append(Pair(first.id, second.id, "operand"))

    def _paired(self, is_left: bool) -> dict[Node, int]:
        return (self._matching.left if is_left else self._matching.right).pairs

    def _seen_through(self, value: Value, is_left: bool) -> Value:
        """The value before it was passed on, and of an if that of the arm that the other side has."""
        kept = (self._matching.left if is_left else self._matching.right).kept
        for _ in range(_DEEPEST):
            node = value.node
            if node.kind in PASSING:
                value = node.inputs[0]
            elif node.kind == "prim::If" and node in kept:
                value = node.blocks[kept[node]].outputs[value.offset]
            else:
                break
        return value

    def _burn(self, left: Value, right: Value, side: Side, name: str, users: tuple[Node, Node]) -> None:
        given = right if side == "left" else left
        constant, computed = (left if side == "left" else right).node, given.node
        user = users[0] if side == "left" else users[1]
        origin = _origin(computed)
        key = (constant.id, user.id, name)
        if origin is None or key in self._burnt:
            return
        self._burnt.add(key)
        made_by = computed.block.owner if computed.kind == "prim::Param" and computed.block else computed
        self.constants.append(
            BurntConstant(
                side, constant.id, constant_text(constant), user.id, name, (made_by or computed).id,
                given.offset, origin,
            )
        )  # fmt: skip


def _origin(node: Node) -> Origin | None:
    """What something computed is; None of what holds no value at all."""
    if node.kind == "prim::GetAttr":
        return "attribute"
    if node.kind == "prim::Param":
        if node.block is None or node.block.owner is None:
            return "input"
        return "loop counter"
    if node.kind in ("prim::Uninitialized", "prim::CreateObject"):
        return None
    return "value"


def _operands(left: Node, right: Node) -> Iterator[tuple[str, Value, Value]]:
    """The operands of both with the name of the argument, matched by name where operators differ."""
    ours, theirs = _named(left), _named(right)
    if left.kind == right.kind and len(left.inputs) == len(right.inputs):
        for (name, one), (_, other) in zip(ours, theirs, strict=True):
            yield name, one, other
        return
    by_name = dict(theirs)
    for name, one in ours:
        if name in by_name:
            yield name, one, by_name[name]


def _named(node: Node) -> list[tuple[str, Value]]:
    schema = schema_of(node)
    names = [] if schema is None else [argument.name for argument in schema.arguments]
    return [
        (names[index] if index < len(names) else f"operand {index}", value)
        for index, value in enumerate(node.inputs)
    ]


def constant_text(node: Node) -> str:
    """A constant as `.graph` shows it, shortened."""
    value = node.attributes.get("value")
    text = tensor_text(value, node.outputs[0].type) or repr(value)
    return text if len(text) <= _MOST_SIGNS else f"{text[:_MOST_SIGNS]}…"


_MOST_SIGNS = 200
