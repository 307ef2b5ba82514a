"""Operators as callable things: builtin functions, casts, and operators that classes may overload."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore import ops
from jitcore.frontend.sugared.base import SugaredValue
from jitcore.ops.matching import NamedValue
from jitcore.types import (
    ANY_LIST,
    BOOL,
    INT,
    STRING,
    ClassType,
    DictType,
    Type,
    TypeEnv,
    eval_type_variables,
    is_subtype,
    match_type_variables,
)  # fmt: skip

if TYPE_CHECKING:
    from jitcore.frontend.sugared.call_site import CallSite


class BuiltinFunction(SugaredValue):
    """An operator by its qualified name; `self_value` is set when it was looked up on a value."""

    __slots__ = ("name", "self_value")

    def __init__(self, name: str, self_value: NamedValue | None = None) -> None:
        self.name = name
        self.self_value = self_value

    @property
    def kind(self) -> str:
        return "builtin"

    @staticmethod
    def for_method(name: str, self_value: NamedValue) -> BuiltinFunction | None:
        """The operator as a method of a value, None if no overload takes that value as `self`."""
        actual = self_value.type
        for schema in ops.find(name):
            index = schema.argument_index("self")
            if index is None:
                continue
            formal: Type | None = schema.arguments[index].type
            if formal.has_free_variables:
                environment: TypeEnv = {}
                if match_type_variables(formal, actual, environment) is not None:
                    continue
                formal = eval_type_variables(formal, environment)
            if formal is not None and is_subtype(actual, formal):
                return BuiltinFunction(name, self_value)
        return None

    def call(self, site: CallSite) -> SugaredValue:
        at, lowering, arguments, keywords, binders = site
        return lowering.simple(lowering.builtin(at, self.name, arguments, keywords, self.self_value, binders))


class Cast(BuiltinFunction):
    """`int(x)` and its kind: nothing is done to a value that is of the type already."""

    __slots__ = ("type",)

    def __init__(self, type: Type, name: str) -> None:
        super().__init__(name)
        self.type = type

    def call(self, site: CallSite) -> SugaredValue:
        at, lowering = site.at, site.lowering
        if len(site.arguments) == 1 and not site.keywords:
            zero = lowering.constant(0, INT)
            value = site.arguments[0].to_value(lowering.graph)
            actual = value.type
            if is_subtype(actual, self.type):
                return lowering.simple(value)
            if self.type is BOOL and (
                is_subtype(actual, ANY_LIST) or is_subtype(actual, STRING) or isinstance(actual, DictType)
            ):
                length = lowering.builtin(at, "aten::len", (NamedValue(value),))
                return lowering.simple(
                    lowering.builtin(at, "aten::gt", (NamedValue(length), NamedValue(zero)))
                )
        return super().call(site)


class TensorCast(SugaredValue):
    """`x.float()` and its kind: `aten::to` with a dtype."""

    __slots__ = ("dtype", "self_value")

    def __init__(self, dtype: int, self_value: NamedValue) -> None:
        self.dtype = dtype
        self.self_value = self_value

    @property
    def kind(self) -> str:
        return "Cast"

    def call(self, site: CallSite) -> SugaredValue:
        at, lowering = site.at, site.lowering
        if site.arguments or site.keywords:
            raise at.error("a casting method of a tensor takes no arguments")
        dtype = NamedValue(lowering.constant(self.dtype, INT, at), "dtype", at)
        return lowering.simple(lowering.builtin(at, "aten::to", site.arguments, (self.self_value, dtype)))


class MagicMethod(SugaredValue):
    """An operation that the class of its first argument may define, like `len(x)` or `x + y`."""

    __slots__ = ("base", "name")

    def __init__(self, name: str, base: SugaredValue) -> None:
        self.name = name
        self.base = base

    @property
    def kind(self) -> str:
        return self.name

    def call(self, site: CallSite) -> SugaredValue:
        lowering = site.lowering
        if site.arguments:
            owner = site.arguments[0].to_value(lowering.graph)
            if isinstance(owner.type, ClassType):
                method = lowering.simple(owner).attribute(site.at, lowering, self.name)
                return method.call(site.with_arguments(site.arguments[1:]))
        return self.base.call(site)
