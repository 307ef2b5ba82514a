"""`__len__` and `__contains__` of containers of modules, whose answers are known."""

from __future__ import annotations

import ast
from collections.abc import Sized
from typing import cast

from torch.nn import Module, ModuleDict

from jitcore.frontend.definitions import lower_function, schema_of
from jitcore.frontend.parsing import parse
from jitcore.frontend.positions import ArchivePositions
from jitcore.frontend.sugared.base import SugaredValue
from jitcore.frontend.sugared.simple import SimpleValue
from jitcore.ir import Function, Graph, Value
from jitcore.slots.concrete_type import ConcreteType, ContainerKind
from jitcore.source import Source, SourceRange
from jitcore.types import ClassType, FunctionSchema, Type

_NO_SCHEMA = FunctionSchema("", "", (), ())


def add(concrete: ConcreteType, module: Module) -> None:
    """Give a container the methods that it does not define itself, with what `module` answers in Python."""
    kind = concrete.class_type
    if concrete.container not in (ContainerKind.LIST, ContainerKind.DICT):
        return
    if "__len__" not in kind.methods:
        _define(kind, f"def __len__(self) -> int:\n   return {len(cast('Sized', module))}\n")
    if concrete.container is ContainerKind.DICT and "__contains__" not in kind.methods:
        keys = list(cast("ModuleDict", module).keys())
        answer = f"key in {keys!r}" if keys else "False"
        _define(kind, f"def __contains__(self, key: str) -> bool:\n   return {answer}\n")


def _define(kind: ClassType, text: str) -> None:
    source = Source(text, "<string>")
    positions = ArchivePositions(source)
    node = parse(source).body[0]
    assert isinstance(node, ast.FunctionDef)

    def build(function: Function) -> Graph:
        return lower_function(function, node, _NoNames(), positions)

    made = Function(f"{kind.qualified_name}.{node.name}", _NO_SCHEMA, build, kind, positions.of(node))
    made.schema = schema_of(node, _NoNames(), positions, kind)
    kind.methods[node.name] = made


class _NoNames:
    """The names of texts that name nothing."""

    def resolve_type(self, name: str, where: SourceRange) -> Type | None:
        """No types."""
        return None

    def resolve_value(self, name: str, at: SourceRange, lowering: object) -> None:
        """No values."""

    def resolve_hook(self, owner: ClassType, name: str) -> Function | None:
        """No hooks."""
        return None

    def own_object(self, value: Value) -> SugaredValue:
        """`self` as a value."""
        return SimpleValue(value)

    def accept_unknown(self, at: SourceRange, what: str) -> bool:
        """Nothing unknown."""
        return False
