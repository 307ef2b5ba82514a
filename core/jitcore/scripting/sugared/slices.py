"""`slice`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from jitcore.frontend.sugared.base import SugaredValue
from jitcore.frontend.sugared.special import SliceValue
from jitcore.ops.matching import NamedValue
from jitcore.types import INT, NONE, is_subtype

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.ir import Value
    from jitcore.source import SourceRange


_MOST = (1 << 63) - 1


class SliceClass(SugaredValue):
    """`slice`."""

    __slots__ = ()

    @property
    def kind(self) -> str:
        return "Python slice class"

    def call(
        self,
        at: SourceRange,
        lowering: Lowering,
        arguments: Sequence[NamedValue],
        keywords: Sequence[NamedValue],
        binders: int,
    ) -> SugaredValue:
        if keywords:
            raise at.error("Slice does not accept any keyword arguments")
        values = [argument.to_value(lowering.graph) for argument in arguments]
        if not 1 <= len(values) <= 3:
            raise at.error(f"slice accepts exactly 1, 2 or 3 arguments, got: {len(values)}")
        given: list[Value | None] = [None, *values] if len(values) == 1 else list(values)
        given += [None] * (3 - len(given))
        bounds = [
            lowering.constant(default, INT, at) if value is None or is_subtype(value.type, NONE) else value
            for value, default in zip(given, (0, _MOST, 1), strict=True)
        ]
        return SliceValue(*bounds)
