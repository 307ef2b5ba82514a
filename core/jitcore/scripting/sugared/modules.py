"""Python modules."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING

from jitcore.scripting.sugared.meanings import meaning
from jitcore.scripting.sugared.python_values import PythonValue

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.frontend.sugared.base import SugaredValue
    from jitcore.source import SourceRange


_ABSENT = object()


class PythonModule(PythonValue):
    """A Python module; what it holds counts as constant."""

    __slots__ = ()

    def __init__(self, module: ModuleType) -> None:
        super().__init__(module)

    def attribute(self, at: SourceRange, lowering: Lowering, name: str) -> SugaredValue:
        found = getattr(self.obj, name, _ABSENT)
        if found is _ABSENT:
            raise at.error(f"object has no attribute {name}")
        return meaning(found, at, lowering, is_constant=True)
