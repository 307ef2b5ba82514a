"""The methods that Python generates for a dataclass, written out so that they can be compiled."""

from __future__ import annotations

import ast
import dataclasses
import inspect
from typing import Any

from jitcore.scripting.python_positions import PythonPositions
from jitcore.scripting.sources import ParsedFunction
from jitcore.source import Source, SourceError

_FOLDER = "__torch_jit_dataclass"
_COMPARISONS = {"__lt__": ("<", False), "__le__": ("<", True), "__gt__": (">", False), "__ge__": (">", True)}


def synthesized(cls: type, name: str) -> ParsedFunction | None:
    """The method `name` of the dataclass; None if Python does not generate it."""
    match name:
        case "__init__":
            return _init(cls)
        case "__repr__":
            return _repr(cls)
        case "__hash__":
            message = "__hash__ is not supported for dataclasses in TorchScript"
            return _method(cls, name, "(self) -> int", [f"raise NotImplementedError('{message}')"])
        case "__eq__":
            return _comparison(cls, name, ["if val1 != val2: return False"], True, False)
        case "__ne__":
            return _comparison(cls, name, ["if val1 == val2: return False"], True, False)
        case "__lt__" | "__le__" | "__gt__" | "__ge__":
            sign, if_equal = _COMPARISONS[name]
            tests = [f"if val1 {sign} val2: return True", f"elif val2 {sign} val1: return False"]
            return _comparison(cls, name, tests, if_equal, True)
        case _:
            return None


def _method(cls: type, name: str, signature: str, body: list[str]) -> ParsedFunction:
    text = f"def {name}{signature}:\n" + "\n".join(f"  {line}" for line in body)
    node = ast.parse(text).body[0]
    assert isinstance(node, ast.FunctionDef)
    positions = PythonPositions(Source(text, f"{_FOLDER}/{cls.__name__}/{name}", -1), 0)
    positions.function_name = name
    return ParsedFunction(None, node, positions, text)


def _fields(cls: Any) -> tuple[dataclasses.Field[Any], ...]:
    return dataclasses.fields(cls)


def _init(cls: Any) -> ParsedFunction:
    fields = _fields(cls)
    if any(field.default_factory is not dataclasses.MISSING for field in fields):
        raise SourceError(
            f"Default factory initializers are not supported in TorchScript dataclasses: write an __init__ "
            f"for {cls.__name__}",
            raised_as="NotImplementedError",
        )
    signature = inspect.signature(cls.__init__)
    only_for_init: list[str] = []
    parameters: list[inspect.Parameter] = []
    for name, parameter in signature.parameters.items():
        annotation = parameter.annotation
        if isinstance(annotation, dataclasses.InitVar):
            only_for_init.append(name)
            parameter = parameter.replace(annotation=annotation.type)
        parameters.append(parameter)
    body = [f"self.{f.name} = {f.name}" for f in fields if f.init and f.name not in only_for_init]
    if hasattr(cls, "__post_init__"):
        body.append(f"self.__post_init__({', '.join(only_for_init)})")
    return _method(cls, "__init__", str(signature.replace(parameters=parameters)), body or ["pass"])


def _repr(cls: type) -> ParsedFunction:
    shown = ", ".join(f"{f.name}=self.{f.name}" for f in _fields(cls) if f.repr)
    return _method(cls, "__repr__", "(self) -> str", [f"return '{cls.__name__}({shown})'"])


def _comparison(cls: type, name: str, tests: list[str], if_equal: bool, refuses_none: bool) -> ParsedFunction:
    body: list[str] = []
    for field in _fields(cls):
        if not field.compare:
            continue
        body += [f"val1 = self.{field.name}", f"val2 = other.{field.name}"]
        if not _is_optional(field.type):
            body += tests
            continue
        body += [
            "if val1 is not None and val2 is not None:",
            *(f"  {line}" for line in tests),
            "elif (val1 is None) != (val2 is None):",
            f"  raise TypeError('Cannot compare {cls.__name__} with None')"
            if refuses_none
            else "  return False",
        ]
    body.append(f"return {if_equal}")
    return _method(cls, name, f"(self, other: {cls.__name__}) -> bool", body)


def _is_optional(annotation: Any) -> bool:
    import types
    import typing

    arguments = typing.get_args(annotation)
    return (
        typing.get_origin(annotation) in (typing.Union, types.UnionType)
        and len(arguments) == 2
        and type(None) in arguments
    )
