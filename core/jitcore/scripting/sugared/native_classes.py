"""Classes of C++ as programs name them, `torch.classes.space.Name`, and the namespaces that they are in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jitcore.frontend.sugared.calls import ClassValue
from jitcore.ops.custom_classes import NativeStaticMethod
from jitcore.ops.schema_parser import parse_schema
from jitcore.scripting.sugared.modules import PythonModule
from jitcore.slots.native_types import native_class
from jitcore.slots.torch_names import TORCH
from jitcore.source import JitError

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.frontend.sugared.base import SugaredValue
    from jitcore.source import SourceRange
    from jitcore.types import ClassType


_NAMESPACES = (TORCH._classes._ClassNamespace, TORCH._classes._Classes)
_NO_PARAMETER = "not the name of any parameter"
_DECLARATION = "Declaration: "


class NativeNamespace(PythonModule):
    """`torch.classes` or what is in it: a namespace, whose attributes are classes."""

    __slots__ = ()

    def attribute(self, at: SourceRange, lowering: Lowering, name: str) -> SugaredValue:
        """A class, or a namespace."""
        try:
            return super().attribute(at, lowering, name)
        except RuntimeError as error:
            raise at.error(f"{error}: load the library that has the class first") from error


class NativeClassValue(ClassValue):
    """A class, whose static methods are found when they are named; `native` is torch's object for it."""

    __slots__ = ("native",)

    def __init__(self, type: ClassType, native: Any) -> None:
        super().__init__(type)
        self.native = native

    def attribute(self, at: SourceRange, lowering: Lowering, name: str) -> SugaredValue:
        """A static method, which stays known of the class."""
        methods = self.type.static_methods
        if name not in methods:
            found = _static_method(self.type, self.native, name)
            if found is not None:
                methods[name] = found
        return super().attribute(at, lowering, name)


def _static_method(owner: ClassType, native: Any, name: str) -> NativeStaticMethod | None:
    """A static method of a class; None if it has none of that name.

    torch lists schemas of static methods without the class that they are of, but tells the right one when it
    refuses a call: no method has a parameter of the name that is given here.
    """
    try:
        function = getattr(native, name)
    except AttributeError:
        return None
    try:
        function(**{_NO_PARAMETER: None})
    except RuntimeError as error:
        return NativeStaticMethod(owner, name, parse_schema(str(error).rpartition(_DECLARATION)[2].strip()))
    raise JitError(f"{owner.qualified_name}.{name} does not say what it takes, so no program can call it")


def native_meaning(obj: Any) -> SugaredValue | None:
    """What a class of C++ or a namespace of them means; None for everything else."""
    if isinstance(obj, _NAMESPACES):
        return NativeNamespace(obj)
    found = native_class(obj)
    return None if found is None else NativeClassValue(found, obj)
