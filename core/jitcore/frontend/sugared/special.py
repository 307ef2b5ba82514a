"""Forms with evaluation rules of their own, printing, exceptions, enums and slices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.frontend.sugared.base import SugaredValue
from jitcore.ir.objects import EnumValue
from jitcore.ops.matching import NamedValue
from jitcore.types import STRING, EnumType, ListType, is_subtype

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.frontend.sugared.call_site import CallSite
    from jitcore.ir import Value
    from jitcore.source import SourceRange


class SpecialForm(SugaredValue):
    """Something that looks like a call but treats its arguments as syntax; `form` names the rule."""

    __slots__ = ("form",)

    def __init__(self, form: str) -> None:
        self.form = form

    @property
    def kind(self) -> str:
        return self.form.partition("::")[2]


class NoValue(SugaredValue):
    """What a call gives that gives nothing."""

    __slots__ = ()

    @property
    def kind(self) -> str:
        return "None"


class PrintValue(SugaredValue):
    """`print`."""

    __slots__ = ()

    @property
    def kind(self) -> str:
        return "print"

    def call(self, site: CallSite) -> SugaredValue:
        if site.keywords:
            raise site.at.error("print doesn't accept any keyword arguments")
        graph = site.lowering.graph
        node = graph.create("prim::Print", [a.to_value(graph) for a in site.arguments], 0)
        node.source_range = site.at
        graph.insert(node)
        return NoValue()


class ExceptionMessage(SugaredValue):
    """An exception that was made and can be raised; `class_name` is the Python class it stands for."""

    __slots__ = ("class_name", "message")

    def __init__(self, message: Value, class_name: Value | None = None) -> None:
        self.message = message
        self.class_name = class_name

    @property
    def kind(self) -> str:
        return "exception message"


class ExceptionClass(SugaredValue):
    """An exception class; its text is the class name and the arguments one after the other."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def kind(self) -> str:
        return "exception"

    def call(self, site: CallSite) -> SugaredValue:
        at, lowering = site.at, site.lowering
        message = lowering.constant(f"{self.name}: ", STRING, at)
        for argument in site.arguments:
            text = argument.to_value(lowering.graph)
            if not is_subtype(text.type, STRING):
                text = lowering.builtin(at, "aten::str", (NamedValue(text),))
            message = lowering.builtin(at, "aten::add", (NamedValue(message), NamedValue(text)))
        return ExceptionMessage(message)


class EnumClass(SugaredValue):
    """An enum; its attributes are its members."""

    __slots__ = ("type",)

    def __init__(self, type: EnumType) -> None:
        self.type = type

    @property
    def kind(self) -> str:
        return "EnumClass"

    def attribute(self, at: SourceRange, lowering: Lowering, name: str) -> SugaredValue:
        for member, value in self.type.members:
            if member == name:
                return lowering.simple(lowering.constant(EnumValue(self.type, name, value), self.type, at))
        raise at.error(f"{self.type}' has no attribute '{name}'")

    def iterate(self, at: SourceRange, lowering: Lowering) -> SugaredValue:
        members = [EnumValue(self.type, name, value) for name, value in self.type.members]
        return lowering.simple(lowering.constant(members, ListType(self.type), at))


class SliceValue(SugaredValue):
    """A `slice(...)` object; what is None was not given."""

    __slots__ = ("start", "step", "stop")

    def __init__(self, start: Value, stop: Value, step: Value) -> None:
        self.start = start
        self.stop = stop
        self.step = step

    @property
    def kind(self) -> str:
        return "Python slice value"


class ClosureValue(SugaredValue):
    """A closure; it can be forked and nothing else."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value

    @property
    def kind(self) -> str:
        return "closure"

    def as_value(self, at: SourceRange, lowering: Lowering) -> Value:
        return self.value
