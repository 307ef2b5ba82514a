"""Named tuples, enums and interfaces from their class statements."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING

from jitcore.frontend.annotations import Annotations
from jitcore.frontend.defaults import Declared
from jitcore.frontend.definitions import schema_of
from jitcore.frontend.positions import decoded
from jitcore.types import FLOAT, INT, STRING, EnumType, InterfaceType, TupleType, Type

if TYPE_CHECKING:
    from jitcore.frontend.constants import TypedConstant
    from jitcore.frontend.lowering import Resolver
    from jitcore.frontend.positions import Positions


def import_named_tuple(
    name: str,
    node: ast.ClassDef,
    resolver: Resolver,
    positions: Positions,
    constants: Sequence[TypedConstant] = (),
) -> TupleType:
    """`class P(NamedTuple): x : int`"""
    annotations = Annotations(resolver, positions)
    declared = Declared(resolver, positions, constants)
    names: list[str] = []
    types: list[Type] = []
    defaults: dict[str, object] = {}
    for statement in node.body:
        if isinstance(statement, ast.Pass):
            continue
        if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
            raise positions.of(statement).error(
                "Unexpected statement in NamedTuple body: only attribute annotations are currently supported."
            )
        kind = annotations.type_of(statement.annotation)
        names.append(statement.target.id)
        types.append(kind)
        if statement.value is not None:
            defaults[statement.target.id] = declared.evaluate(statement.value, kind)
    return TupleType(tuple(types), name, tuple(names), defaults)


def import_enum(name: str, node: ast.ClassDef, positions: Positions) -> EnumType:
    """`class Color(Enum): RED = 1`"""
    members: list[tuple[str, object]] = []
    value_type: Type | None = None
    for statement in node.body:
        if (
            not isinstance(statement, ast.Assign)
            or len(statement.targets) != 1
            or not isinstance(statement.targets[0], ast.Name)
        ):
            raise positions.of(statement).error(
                "Unexpected statement in Enum class body: only enum attribute definitions are currently "
                "supported."
            )
        value, kind = _enum_value(statement.value, positions)
        if value_type not in (None, kind):
            raise positions.of(statement).error("Enum class with varying value types are not supported.")
        value_type = kind
        members.append((statement.targets[0].id, value))
    if value_type is None:
        raise positions.of(node).error(f"No enum values defined for {name}")
    return EnumType(name, value_type, tuple(members))


def _enum_value(node: ast.expr, positions: Positions) -> tuple[object, Type]:
    negative = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)
    literal = node.operand if isinstance(node, ast.UnaryOp) and negative else node
    value = literal.value if isinstance(literal, ast.Constant) else None
    if isinstance(value, str) and not negative:
        return decoded(value, positions.of(node).text()), STRING
    if isinstance(value, int | float) and not isinstance(value, bool):
        return (-value if negative else value), FLOAT if isinstance(value, float) else INT
    raise positions.of(node).error(
        "Unsupported enum value type: only Integers, Floats and Strings are supported."
    )


def import_interface(
    name: str,
    node: ast.ClassDef,
    resolver: Resolver,
    positions: Positions,
    is_module: bool,
    constants: Sequence[TypedConstant] = (),
) -> InterfaceType:
    """`class I(Interface): def f(self, x: Tensor) -> Tensor: pass`"""
    interface = InterfaceType(name, is_module)
    for statement in node.body:
        if not isinstance(statement, ast.FunctionDef):
            raise positions.of(statement).error("interface declarations can only contain method definitions")
        if statement.returns is None:
            raise positions.of(statement).error("interface declarations must have a return type annotated.")
        interface.methods[statement.name] = schema_of(statement, resolver, positions, interface, constants)
    return interface
