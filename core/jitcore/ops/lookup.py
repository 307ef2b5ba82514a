"""Which operator a node is: the overload whose schema its inputs fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.ops.matching import is_blocked
from jitcore.ops.table import find, find_overload
from jitcore.types import FunctionSchema, TypeEnv, eval_type_variables, is_subtype, match_type_variables

if TYPE_CHECKING:
    from jitcore.ir import Node


def schema_of(node: Node) -> FunctionSchema | None:
    """The first overload that the inputs of `node` fit, None for what is no registered operator.

    The answer is kept until an input of the node changes.
    """
    found = node.cached_schema
    if found is None:
        overloads = find(node.kind)
        if not overloads:
            return None
        for schema in overloads:
            if fits(node, schema):
                node.cached_schema = found = schema
                break
    return found


def key_of_schema(schema: FunctionSchema) -> str:
    """`aten::add.Tensor`, which names an overload in one word."""
    return f"{schema.name}.{schema.overload}" if schema.overload else schema.name


def operator_key(node: Node) -> str | None:
    """Key of the overload that `node` is (`aten::add.Tensor`), None without one."""
    schema = schema_of(node)
    return None if schema is None else key_of_schema(schema)


def matches(node: Node, *keys: str) -> bool:
    """Whether the inputs of `node` fit one of the overloads `aten::add.Tensor`, ..."""
    for key in keys:
        if not key.startswith(node.kind) or key.partition(".")[0] != node.kind:
            continue
        schema = find_overload(key)
        if schema is None:
            raise KeyError(f"there is no operator {key}")
        if fits(node, schema):
            return True
    return False


def fits(node: Node, schema: FunctionSchema) -> bool:
    """Whether number and types of the inputs are what `schema` declares, without any conversion."""
    inputs, formals = node.inputs, schema.arguments
    if len(inputs) < len(formals) or (len(inputs) > len(formals) and not schema.is_vararg):
        return False
    if schema.name != node.kind or is_blocked(schema):
        return False
    environment: TypeEnv = {}
    for formal, value in zip(formals, inputs, strict=False):
        wanted = formal.type
        if wanted.has_free_variables:
            if match_type_variables(wanted, value.type, environment) is not None:
                return False
            # A variable may stay open: None fits `t?` whatever t is.
            wanted = eval_type_variables(wanted, environment) or wanted
        if not is_subtype(value.type, wanted):
            return False
    return True


def named_input(node: Node, name: str) -> int | None:
    """Place of the input that the schema of `node` calls `name`, None if there is none."""
    schema = schema_of(node)
    return None if schema is None else schema.argument_index(name)
