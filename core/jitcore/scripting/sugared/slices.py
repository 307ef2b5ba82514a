"""`slice`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.frontend.sugared.base import SugaredValue
from jitcore.frontend.sugared.special import SliceValue
from jitcore.types import INT, NONE, is_subtype

if TYPE_CHECKING:
    from jitcore.frontend.sugared.call_site import CallSite
    from jitcore.ir import Value


_MOST = (1 << 63) - 1


class SliceClass(SugaredValue):
    """`slice`."""

    __slots__ = ()

    @property
    def kind(self) -> str:
        return "Python slice class"

    def call(self, site: CallSite) -> SugaredValue:
        at, lowering = site.at, site.lowering
        if site.keywords:
            raise at.error("Slice does not accept any keyword arguments")
        values = [argument.to_value(lowering.graph) for argument in site.arguments]
        if not 1 <= len(values) <= 3:
            raise at.error(f"slice accepts exactly 1, 2 or 3 arguments, got: {len(values)}")
        given: list[Value | None] = [None, *values] if len(values) == 1 else list(values)
        given += [None] * (3 - len(given))
        bounds = [
            lowering.constant(default, INT, at) if value is None or is_subtype(value.type, NONE) else value
            for value, default in zip(given, (0, _MOST, 1), strict=True)
        ]
        return SliceValue(*bounds)
