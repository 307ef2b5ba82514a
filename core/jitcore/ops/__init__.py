"""Operators: schemas, overload resolution, effects, and kernels of those that are not tensor operators."""

from jitcore.ops.builtins import emit_builtin
from jitcore.ops.lookup import fits, key_of_schema, matches, named_input, operator_key, schema_of
from jitcore.ops.matching import MatchedSchema, match_schema, match_schemas, try_match_schema
from jitcore.ops.named_values import NamedValue
from jitcore.ops.schema_parser import parse_schema
from jitcore.ops.schema_text import schema_text
from jitcore.ops.table import Overloads, exists, find, find_overload

__all__ = [
    "MatchedSchema",
    "NamedValue",
    "Overloads",
    "emit_builtin",
    "exists",
    "find",
    "find_overload",
    "fits",
    "key_of_schema",
    "match_schema",
    "match_schemas",
    "matches",
    "named_input",
    "operator_key",
    "parse_schema",
    "schema_of",
    "schema_text",
    "try_match_schema",
]
