"""What loops go over beside values: ranges, zips and enumerations, tuples of anything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from jitcore.frontend import building
from jitcore.frontend.sugared.base import SugaredValue
from jitcore.ops.matching import NamedValue
from jitcore.types import INT, Type

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.ir import Value
    from jitcore.source import SourceRange


class RangeValue(SugaredValue):
    """`range(...)`; with only an end, no arithmetic is emitted for its length and items."""

    __slots__ = ("_end", "_only_end", "_start", "_static_length", "_step")

    def __init__(
        self, at: SourceRange, lowering: Lowering, inputs: Sequence[Value], static_length: int | None = None
    ) -> None:
        for position, value in enumerate(inputs):
            if value.type is not INT:
                raise at.error(
                    f"all inputs of range must be ints, found {value.type.repr_str} in argument {position}"
                )
        if not inputs:
            raise at.error("range expected at least 1 arguments, got 0")
        if len(inputs) > 3:
            raise at.error(f"range expected at most 3 arguments, got {len(inputs)}")
        self._only_end = len(inputs) == 1
        if self._only_end:
            self._end = inputs[0]
            self._start = lowering.constant(0, INT, at)
            self._step = lowering.constant(1, INT, at)
        else:
            self._start, self._end = inputs[0], inputs[1]
            self._step = inputs[2] if len(inputs) == 3 else lowering.constant(1, INT, at)
        self._static_length = static_length

    @property
    def kind(self) -> str:
        return "range"

    def iterate(self, at: SourceRange, lowering: Lowering) -> SugaredValue:
        return self

    def static_length(self) -> int | None:
        return self._static_length

    def length(self, at: SourceRange, lowering: Lowering) -> Value:
        if self._static_length is not None:
            return lowering.constant(self._static_length, INT, at)
        if self._only_end:
            return self._end
        parts = [NamedValue(v) for v in (self._start, self._end, self._step)]
        return lowering.builtin(at, "aten::__range_length", parts)

    def item(
        self, at: SourceRange, lowering: Lowering, index: Value, hint: Type | None = None
    ) -> SugaredValue:
        if self._only_end:
            return lowering.simple(index)
        parts = [NamedValue(v) for v in (index, self._start, self._step)]
        return lowering.simple(lowering.builtin(at, "aten::__derive_index", parts))


class IterableTree(SugaredValue):
    """`zip` and `enumerate`: iterables gone through side by side, as long as the shortest."""

    __slots__ = ("_children", "_static_length")

    def __init__(self) -> None:
        self._children: list[SugaredValue] = []
        self._static_length: int | None = None

    @property
    def kind(self) -> str:
        return "iterabletree"

    def add(self, at: SourceRange, child: SugaredValue) -> None:
        """Append an iterable; raises if only some of them have a length that is known now."""
        mine, theirs = self._static_length, child.static_length()
        if not self._children:
            self._static_length = theirs
        elif (mine is None) != (theirs is None):
            raise at.error(
                "Can not iterate over a module list or tuple with a value that does not have a statically "
                "determinable length"
            )
        elif mine is not None and theirs is not None:
            self._static_length = min(mine, theirs)
        self._children.append(child)

    def iterate(self, at: SourceRange, lowering: Lowering) -> SugaredValue:
        return self

    def static_length(self) -> int | None:
        return self._static_length

    def _leaves(self) -> list[SugaredValue]:
        leaves: list[SugaredValue] = []
        for child in self._children:
            leaves.extend(child._leaves() if isinstance(child, IterableTree) else (child,))
        return leaves

    def length(self, at: SourceRange, lowering: Lowering) -> Value:
        lengths = [leaf.length(at, lowering) for leaf in self._leaves()]
        return lowering.builtin(
            at, "prim::min", (NamedValue(building.make_list(lowering.graph, INT, lengths)),)
        )

    def item(
        self, at: SourceRange, lowering: Lowering, index: Value, hint: Type | None = None
    ) -> SugaredValue:
        return SugaredTuple([child.item(at, lowering, index) for child in self._children])


class SugaredTuple(SugaredValue):
    """A tuple whose parts need not be values; a loop over it is unrolled."""

    __slots__ = ("parts",)

    def __init__(self, parts: list[SugaredValue]) -> None:
        self.parts = parts

    @property
    def kind(self) -> str:
        return "Tuple"

    def as_value(self, at: SourceRange, lowering: Lowering) -> Value:
        return building.make_tuple(lowering.graph, [part.as_value(at, lowering) for part in self.parts])

    def as_tuple(
        self, at: SourceRange, lowering: Lowering, size_hint: int | None = None
    ) -> list[SugaredValue]:
        return self.parts

    def iterate(self, at: SourceRange, lowering: Lowering) -> SugaredValue:
        return self

    def static_length(self) -> int | None:
        return len(self.parts)

    def item(
        self, at: SourceRange, lowering: Lowering, index: Value, hint: Type | None = None
    ) -> SugaredValue:
        _, place = building.constant_of(index)
        if not isinstance(place, int):
            raise at.error(
                "Expected integer literal for index but got a variable or non-integer. ModuleList/Sequential "
                "indexing is only supported with integer literals. For example, 'i = 4; self.layers[i](x)' "
                "will fail because i is not a literal. Enumeration is supported, e.g. 'for index, v in "
                "enumerate(self): out = v(inp)'"
            )
        if not -len(self.parts) <= place < len(self.parts):
            raise at.error(f"Index {place} out of range of length {len(self.parts)}")
        return self.parts[place]
