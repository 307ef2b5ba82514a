"""Exception classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.frontend import building
from jitcore.frontend.sugared.base import SugaredValue
from jitcore.frontend.sugared.special import ExceptionClass, ExceptionMessage
from jitcore.types import STRING

if TYPE_CHECKING:
    from jitcore.frontend.sugared.call_site import CallSite


class PythonException(ExceptionClass):
    """An exception class; raising it keeps its qualified name."""

    __slots__ = ()

    def call(self, site: CallSite) -> SugaredValue:
        at, lowering = site.at, site.lowering
        graph = lowering.graph
        if not site.arguments:
            message = lowering.constant("", STRING, at)
        elif len(site.arguments) == 1:
            message = site.arguments[0].to_value(graph)
        else:
            parts = [a.to_value(graph) for a in (*site.arguments, *site.keywords)]
            message = building.make_tuple(graph, parts)
        return ExceptionMessage(message, lowering.constant(self.name, STRING, at))
