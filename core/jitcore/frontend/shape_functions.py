"""The functions that tell sizes, compiled as if an archive held them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from jitcore.frontend.importer import SourceImporter
from jitcore.frontend.sugared.calls import FunctionValue
from jitcore.frontend.sugared.namespaces import BuiltinModule
from jitcore.ops.shape_function_table import file_of_function, shape_function_texts
from jitcore.source import Source, SourceError

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.frontend.sugared.base import SugaredValue
    from jitcore.ir import Graph
    from jitcore.source import SourceRange

_QUALIFIER: Final = "__torch__"


def shape_function_graph(name: str) -> Graph:
    """The graph of a function of `jitcore.ops.shape_functions`, its calls not inlined; do not edit it.

    Raises `SourceError` for a name that no function has.
    """
    if name not in file_of_function():
        raise SourceError(f"there is no shape function {name}")
    return _importer().function(_qualified(name)).graph


def _qualified(name: str) -> str:
    return f"{_QUALIFIER}.{file_of_function()[name]}.{name}"


@cache
def _importer() -> _ShapeFunctionImporter:
    return _ShapeFunctionImporter()


class _ShapeFunctions:
    """The files of functions as the code of an archive."""

    def source(self, qualifier: str) -> Source | None:
        """See `CodeRecords`."""
        file = qualifier.rpartition(".")[2]
        text = shape_function_texts().get(file)
        return None if text is None else Source(text, f"shape_functions/{file}.py")


class _ShapeFunctionImporter(SourceImporter):
    """Finds functions by their names alone, and `math`, as Python does."""

    def __init__(self) -> None:
        super().__init__(_ShapeFunctions())
        self._math = BuiltinModule("aten")

    def resolve_value(self, name: str, at: SourceRange, lowering: Lowering) -> SugaredValue | None:
        """See `SourceImporter`."""
        if name == "math":
            return self._math
        function = self.find_function(_qualified(name)) if name in file_of_function() else None
        if function is not None:
            return FunctionValue(function)
        return super().resolve_value(name, at, lowering)
