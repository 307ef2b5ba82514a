"""Functions that are one of several, as the arguments say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from jitcore.frontend import building
from jitcore.frontend.sugared.base import SugaredValue
from jitcore.frontend.sugared.calls import call_function, emit_function_call
from jitcore.ops.matching import match_schemas
from jitcore.scripting.sugared.meanings import meaning
from jitcore.types import FunctionSchema

if TYPE_CHECKING:
    from jitcore.frontend.sugared.call_site import CallSite
    from jitcore.ir import Function


class BooleanDispatch(SugaredValue):
    """A function that is one of two, as a constant argument says."""

    __slots__ = ("choice",)

    def __init__(self, choice: dict[str, Any]) -> None:
        self.choice = choice

    @property
    def kind(self) -> str:
        return "boolean dispatch"

    def call(self, site: CallSite) -> SugaredValue:
        at, lowering = site.at, site.lowering
        choice = self.choice
        index, name = choice["index"], choice["arg_name"]
        named = [keyword for keyword in site.keywords if keyword.name == name]
        if index < len(site.arguments):
            known, flag = building.constant_of(site.arguments[index].to_value(lowering.graph))
            message = f"Argument for boolean dispatch at position {index} was not constant"
        elif named:
            known, flag = building.constant_of(named[0].to_value(lowering.graph))
            message = f"Keyword argument '{name}' for boolean dispatch at position was not constant"
        else:
            known, flag, message = True, choice["default"], ""
        if not known or not isinstance(flag, bool):
            raise at.error(message)
        chosen = meaning(choice["if_true" if flag else "if_false"], at, lowering)
        return chosen.call(site)


class OverloadedFunction(SugaredValue):
    """A function that was compiled for several signatures."""

    __slots__ = ("functions",)

    def __init__(self, functions: Sequence[Function]) -> None:
        self.functions = functions

    @property
    def kind(self) -> str:
        return "function"

    def call(self, site: CallSite) -> SugaredValue:
        at, lowering = site.at, site.lowering
        if len(self.functions) == 1:
            return call_function(site, self.functions[0])
        schemas: list[FunctionSchema] = []
        for function in self.functions:
            if function.is_compiling:
                raise at.error(
                    f"function '{function.name}' is called recursively. Recursive calls are not supported"
                )
            function.graph  # noqa: B018  # compiling completes the schema
            schemas.append(function.schema)
        graph = lowering.graph
        chosen, matched = match_schemas(schemas, graph, at, site.arguments, site.keywords)
        return emit_function_call(at, lowering, self.functions[chosen], matched)
