"""Operators: schemas, overload resolution, effects, and kernels of those that are not tensor operators."""

from jitcore.ops.builtins import emit_builtin
from jitcore.ops.named_values import NamedValue
from jitcore.ops.schema_parser import parse_schema
from jitcore.ops.schema_text import schema_text
from jitcore.ops.table import Overloads, exists, find, find_overload

__all__ = [
    "NamedValue",
    "Overloads",
    "emit_builtin",
    "exists",
    "find",
    "find_overload",
    "parse_schema",
    "schema_text",
]
