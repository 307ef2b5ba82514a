"""Script classes as callable things."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.frontend.sugared.calls import ClassValue, FunctionValue
from jitcore.ir import Function
from jitcore.scripting.sugared.meanings import meaning
from jitcore.types import ClassType, MethodLike

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.frontend.sugared.base import SugaredValue
    from jitcore.source import SourceRange


class PythonClass(ClassValue):
    """A script class, whose static methods and class attributes are those of the Python class."""

    __slots__ = ("cls",)

    def __init__(self, type: ClassType, cls: type) -> None:
        super().__init__(type)
        self.cls = cls

    @property
    def kind(self) -> str:
        return "Python type"

    def attribute(self, at: SourceRange, lowering: Lowering, name: str) -> SugaredValue:
        static: MethodLike | None = self.type.static_methods.get(name)
        if isinstance(static, Function):
            return FunctionValue(static)
        found = getattr(self.cls, name, None)
        if found is not None and name != "__new__":
            return meaning(found, at, lowering)
        return super().attribute(at, lowering, name)

    def has_attribute(self, at: SourceRange, lowering: Lowering, name: str) -> bool:
        return hasattr(self.cls, name)
