"""Types and functions that a graph's text names but does not define."""

from __future__ import annotations

import re
from collections.abc import Callable

from jitcore.ir import Function, Graph
from jitcore.source import JitError
from jitcore.types import ANY, ClassType, EnumType, FunctionSchema, FunctionType, InterfaceType, Type
from jitcore.types.parsing import custom_class

TypeLookup = Callable[[str], "Type | None"]
FunctionLookup = Callable[[str], "Function | None"]

EXTENSION_CLASSES = "__torch__.torch.classes."
"""What the names of classes that are defined in C++ begin with."""
_ENUM = re.compile(r"Enum<([A-Za-z0-9_.$]+)>")
_INTERFACE = re.compile(r"InterfaceType<([A-Za-z0-9_.$]+)>")


class Placeholders:
    """Gives types and functions by name: known ones if a lookup has them, else one placeholder per name.

    A placeholder class has no attributes or methods until something needs them; a placeholder
    function has no graph.
    """

    def __init__(
        self, text: str, types: TypeLookup | None = None, functions: FunctionLookup | None = None
    ) -> None:
        self._lookup_type = types
        self._lookup_function = functions
        self._types: dict[str, Type] = {}
        self._functions: dict[str, FunctionType] = {}
        self._enums = set(_ENUM.findall(text)) if "Enum<" in text else set[str]()
        self._interfaces = set(_INTERFACE.findall(text)) if "InterfaceType<" in text else set[str]()

    def type(self, qualified_name: str) -> Type:
        """The class, interface or enum of that name."""
        found = self._types.get(qualified_name)
        if found is None:
            found = self._lookup_type(qualified_name) if self._lookup_type is not None else None
            if found is None:
                found = self._new_type(qualified_name)
            self._types[qualified_name] = found
        return found

    def _new_type(self, qualified_name: str) -> Type:
        if qualified_name in self._enums:
            return EnumType(qualified_name, ANY, ())
        if qualified_name in self._interfaces:
            return InterfaceType(qualified_name)
        if qualified_name.startswith(EXTENSION_CLASSES):
            return custom_class(qualified_name)
        return ClassType(qualified_name)

    def function(self, name: str) -> FunctionType:
        """The type of the function value that a constant called `name` is."""
        found = self._functions.get(name)
        if found is None:
            function = self._lookup_function(name) if self._lookup_function is not None else None
            if function is None:
                function = Function(name, FunctionSchema(name, "", (), (), True, True), _no_body)
            found = self._functions[name] = FunctionType(function.qualified_name, function)
        return found


def _no_body(function: Function) -> Graph:
    raise JitError(f"the text only names the function {function.qualified_name}; its graph is not known")
