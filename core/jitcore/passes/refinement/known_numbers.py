"""What comparisons tell of numbers, carried along the conditions of ifs.

A bool that was made by `n == 4` knows: if it is true, n is 4. Where it decides on a branch, that is known in
the branch; `and`, `or` and `not`, which are ifs themselves, pass it on; and behind an if of which one branch
raises, what holds in the other one is known. As libtorch's value refinement
(torch/csrc/jit/passes/value_refinement_utils.cpp).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.ops.lookup import matches
from jitcore.passes.constants import constant_bool
from jitcore.types import BOOL

if TYPE_CHECKING:
    from jitcore.ir import Block, Node, Value

Numbers = dict["Value", int]
"""What values are known to be, or how long lists are."""


class BoolKnowledge:
    """What is known if a bool is true, and if it is false."""

    __slots__ = ("if_false", "if_true")

    def __init__(self, if_true: Numbers | None = None, if_false: Numbers | None = None) -> None:
        self.if_true: Numbers = {} if if_true is None else if_true
        self.if_false: Numbers = {} if if_false is None else if_false


class KnownNumbers:
    """What is known at a place of a graph, for a pass that walks it.

    `by_bool` is what bools know. The pass enters a block with what holds there, leaves it, and tells of the
    nodes it meets.
    """

    def __init__(self) -> None:
        self.by_bool: dict[Value, BoolKnowledge] = {}
        self._known: list[Numbers] = []
        self._raising: set[Block] = set()

    def enter(self, numbers: Numbers) -> None:
        """A block begins in which `numbers` hold; it grows while the block is walked."""
        self._known.append(numbers)

    def leave(self) -> None:
        """The block ends."""
        self._known.pop()

    def number_of(self, value: Value) -> int | None:
        """What the value is known to be here."""
        for numbers in self._known:
            found = numbers.get(value)
            if found is not None:
                return found
        return None

    def note_comparison(self, node: Node, value: Value, number: int) -> None:
        """`node` compares for equality, or for difference, of `value` and `number`."""
        known = {value: number}
        is_equality = node.kind == "aten::eq"
        self.by_bool[node.output] = (
            BoolKnowledge(if_true=known) if is_equality else BoolKnowledge(if_false=known)
        )

    def condition(self, node: Node) -> BoolKnowledge:
        """What the condition of a `prim::If` knows."""
        return self.by_bool.get(node.inputs[0]) or BoolKnowledge()

    def note(self, node: Node) -> None:
        """Take in what other nodes than ifs tell: that they raise, or that they turn a bool around."""
        if node.kind == "prim::RaiseException":
            if node.block is not None:
                self._raising.add(node.block)
        elif node.kind == "aten::__not__":
            known = self.by_bool.get(node.inputs[0])
            if known is not None and node.inputs[0].type is BOOL:
                self.by_bool[node.output] = BoolKnowledge(dict(known.if_false), dict(known.if_true))
        elif matches(node, "aten::eq.bool", "aten::ne.bool"):
            self._note_comparison_of_bools(node)

    def _note_comparison_of_bools(self, node: Node) -> None:
        for index in (0, 1):
            wanted = constant_bool(node.inputs[index])
            known = self.by_bool.get(node.inputs[1 - index])
            if wanted is None or known is None:
                continue
            if wanted == (node.kind == "aten::eq"):
                self.by_bool[node.output] = BoolKnowledge(dict(known.if_true), dict(known.if_false))
            else:
                self.by_bool[node.output] = BoolKnowledge(dict(known.if_false), dict(known.if_true))

    def join(self, node: Node, around: Numbers, then: Numbers, otherwise: Numbers) -> None:
        """An if ends: `then` and `otherwise` held in its branches, `around` grows by what holds on."""
        first, second = node.blocks
        first_raises, second_raises = first in self._raising, second in self._raising
        if first_raises and second_raises:
            if node.block is not None:
                self._raising.add(node.block)
        elif first_raises or second_raises:
            taken, numbers = (second, otherwise) if first_raises else (first, then)
            for value, number in numbers.items():
                around.setdefault(value, number)
            for output, given in zip(node.outputs, taken.outputs, strict=True):
                if given in self.by_bool:
                    self.by_bool[output] = self.by_bool[given]
        else:
            self._join_bools(node, then, otherwise)

    def _join_bools(self, node: Node, then: Numbers, otherwise: Numbers) -> None:
        first, second = node.blocks
        for output, one, other in zip(node.outputs, first.outputs, second.outputs, strict=True):
            if output.type is not BOOL:
                return
            constants = constant_bool(one), constant_bool(other)
            if one not in self.by_bool and other not in self.by_bool and constants == (None, None):
                return
            joined = BoolKnowledge()
            if constants[0] is not None:
                joined = self._of_other_branch(other, constants[0], otherwise)
            elif constants[1] is not None:
                joined = self._of_other_branch(one, constants[1], then)
            mine, theirs = self.by_bool.get(one), self.by_bool.get(other)
            if mine is not None and theirs is not None:
                joined = BoolKnowledge(
                    _common(mine.if_true, theirs.if_true), _common(mine.if_false, theirs.if_false)
                )
            self.by_bool[output] = joined

    def _of_other_branch(self, given: Value, constant: bool, numbers: Numbers) -> BoolKnowledge:
        """What a result knows: `constant` in one branch, `given` in the other, where `numbers` hold."""
        known = self.by_bool.setdefault(given, BoolKnowledge())
        if constant:
            return BoolKnowledge(if_false={**numbers, **known.if_false})
        return BoolKnowledge(if_true={**numbers, **known.if_true})


def _common(one: Numbers, other: Numbers) -> Numbers:
    return {value: number for value, number in one.items() if other.get(value) == number}
