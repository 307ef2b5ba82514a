"""Classes that torch implements itself (`__torch__.torch.classes.quantized.X`): what their methods take "
"and give."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jitcore.ops.schema_parser import parse_schema
from jitcore.types import ClassType, FunctionSchema, MethodLike
from jitcore.types.parsing import custom_class

CUSTOM_CLASS_METHODS = Path(__file__).with_name("custom_class_methods.txt")
PREFIX = "__torch__.torch.classes."


class NativeMethod(MethodLike):
    """A method without a body to look at."""

    __slots__ = ("_name", "_schema")

    def __init__(self, name: str, schema: FunctionSchema) -> None:
        self._name = name
        self._schema = schema

    @property
    def name(self) -> str:
        """Unqualified name."""
        return self._name

    @property
    def schema(self) -> FunctionSchema:
        """What it takes and gives."""
        return self._schema


def is_custom(qualified_name: str) -> bool:
    """Whether a qualified name is that of such a class."""
    return qualified_name.startswith(PREFIX) and "." in qualified_name.removeprefix(PREFIX)


def is_known(qualified_name: str) -> bool:
    """Whether the methods of such a class are known."""
    return qualified_name in _methods()


def complete_class(qualified_name: str) -> ClassType:
    """The type of such a class with the methods that are known of it; without any if none are."""
    kind = custom_class(qualified_name)
    if not kind.methods:
        for line in _methods().get(qualified_name, ()):
            schema = parse_schema(line)
            kind.methods[schema.name] = NativeMethod(schema.name, schema)
    return kind


@cache
def _methods() -> dict[str, list[str]]:
    """The lines of the table by class: each is `CLASS SCHEMA`."""
    methods: dict[str, list[str]] = {}
    for line in CUSTOM_CLASS_METHODS.read_text(encoding="utf-8").splitlines():
        owner, _, schema = line.partition(" ")
        methods.setdefault(owner, []).append(schema)
    return methods
