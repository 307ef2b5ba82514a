"""Exception classes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from jitcore.frontend import building
from jitcore.frontend.sugared.base import SugaredValue
from jitcore.frontend.sugared.special import ExceptionClass, ExceptionMessage
from jitcore.ops.matching import NamedValue
from jitcore.types import STRING

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.source import SourceRange


class PythonException(ExceptionClass):
    """An exception class; raising it keeps its qualified name."""

    __slots__ = ()

    def call(
        self,
        at: SourceRange,
        lowering: Lowering,
        arguments: Sequence[NamedValue],
        keywords: Sequence[NamedValue],
        binders: int,
    ) -> SugaredValue:
        graph = lowering.graph
        if not arguments:
            message = lowering.constant("", STRING, at)
        elif len(arguments) == 1:
            message = arguments[0].to_value(graph)
        else:
            parts = [a.to_value(graph) for a in (*arguments, *keywords)]
            message = building.make_tuple(graph, parts)
        return ExceptionMessage(message, lowering.constant(self.name, STRING, at))
