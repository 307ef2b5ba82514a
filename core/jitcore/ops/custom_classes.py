"""Classes of C++ (`__torch__.torch.classes.quantized.X`): what their methods take and give."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from jitcore.ops.releases import table_of
from jitcore.ops.schema_parser import parse_schema
from jitcore.types import ClassType, FunctionSchema, MethodLike
from jitcore.types.parsing import custom_class

CUSTOM_CLASS_METHODS = "custom_class_methods.txt"
PREFIX = "__torch__.torch.classes."
_GETTER, _SETTER = "_getter", "_setter"
_BACKENDS = PREFIX + "__backends__."
_METHODS_OF_BACKENDS = (
    "__init__({0} _0) -> NoneType",
    "is_available({0} _0) -> bool",
    "compile({0} _0, Any _1, Dict(str, Any) _2) -> Dict(str, Any)",
    "execute({0} _0, Any _1, Any[] _2) -> Any[]",
)
"""What every backend has that modules can be lowered for."""


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


class NativeStaticMethod(NativeMethod):
    """A method of the class `owner` itself, which programs call as a function."""

    __slots__ = ("owner",)

    def __init__(self, owner: ClassType, name: str, schema: FunctionSchema) -> None:
        super().__init__(name, schema)
        self.owner = owner

    @property
    def qualified_name(self) -> str:
        """Name with that of the class."""
        return f"{self.owner.qualified_name}.{self.name}"


def is_custom(qualified_name: str) -> bool:
    """Whether a qualified name is that of such a class."""
    return qualified_name.startswith(PREFIX) and "." in qualified_name.removeprefix(PREFIX)


def is_known(qualified_name: str) -> bool:
    """Whether the methods of such a class are known."""
    return qualified_name.startswith(_BACKENDS) or qualified_name in _methods()


def complete_class(qualified_name: str) -> ClassType:
    """The type of such a class with the methods that are known of it; without any if none are."""
    kind = custom_class(qualified_name)
    if not kind.methods:
        lines = _methods().get(qualified_name, ())
        if qualified_name.startswith(_BACKENDS):
            lines = [line.format(qualified_name) for line in _METHODS_OF_BACKENDS]
        for line in lines:
            schema = parse_schema(line)
            kind.methods[schema.name] = NativeMethod(schema.name, schema)
        for name in kind.methods:
            if name.endswith(_GETTER):
                setter = name.removesuffix(_GETTER) + _SETTER
                kind.properties[name.removesuffix(_GETTER)] = name, setter if setter in kind.methods else None
    return kind


def learn(schemas: Iterable[str]) -> None:
    """Take in the schemas of methods of classes that a library brought; those known already stay."""
    known = frozenset(_methods())
    for schema in schemas:
        owner = owner_of(schema)
        if owner not in known:
            _methods().setdefault(owner, []).append(schema)


def owner_of(schema: str) -> str:
    """The class whose method the text of a schema describes: that of its first argument."""
    return schema.partition("(")[2].partition(" ")[0]


@cache
def _methods() -> dict[str, list[str]]:
    """The lines of the table by class: each is `CLASS SCHEMA`."""
    methods: dict[str, list[str]] = {}
    for line in table_of(CUSTOM_CLASS_METHODS).read_text(encoding="utf-8").splitlines():
        owner, _, schema = line.partition(" ")
        methods.setdefault(owner, []).append(schema)
    return methods
