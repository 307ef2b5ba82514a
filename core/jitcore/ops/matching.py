"""Overload resolution: which schema fits the arguments of a call, and what has to be inserted for it.

As in TorchScript every overload is tried in its order of registration, first without implicit
conversions and then with them; what a failed attempt has inserted stays, as dead code.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from jitcore.ops.conversions import convert, convertible_to_list, insert_list, unwrap_optional
from jitcore.ops.implementing import why_no_subtype
from jitcore.ops.named_values import NamedValue
from jitcore.ops.schema_text import schema_text
from jitcore.source import JitError
from jitcore.types import (
    FLOAT,
    INT,
    TENSOR,
    Argument,
    FunctionSchema,
    ListType,
    TensorType,
    Type,
    TypeEnv,
    VarType,
    eval_type_variables,
    is_subtype,
    match_type_variables,
)

if TYPE_CHECKING:
    from jitcore.ir import Graph, Value
    from jitcore.source import SourceRange

__all__ = ["MatchedSchema", "NamedValue", "is_blocked", "match_schema", "match_schemas", "try_match_schema"]

_EMPTY_LIST_HINT = (
    "Empty lists default to List[Tensor]. Add a variable annotation to the assignment to create an empty "
    "list of another type (torch.jit.annotate(List[T, []]) where T is the type of elements in the list for "
    "Python 2)\n"
)


class MatchedSchema:
    """A schema and the values that are its arguments, in order.

    `return_types` have no free type variables; `return_field_names` is None unless every return is named.
    """

    __slots__ = ("inputs", "return_field_names", "return_types", "schema")

    def __init__(
        self,
        schema: FunctionSchema,
        inputs: list[Value],
        return_types: list[Type],
        return_field_names: tuple[str, ...] | None,
    ) -> None:
        self.schema = schema
        self.inputs = inputs
        self.return_types = return_types
        self.return_field_names = return_field_names


# Overloads that look to the compiler like another one: a dtype is an int, an output a second tensor.
_BLOCKED = {"aten::view": "dtype", "aten::max": "unary_out", "aten::min": "unary_out"}


def is_blocked(schema: FunctionSchema) -> bool:
    """Whether the overload is never chosen, since it cannot be told from another one."""
    return _BLOCKED.get(schema.name) == schema.overload


class _Attempt:
    """One try to fit arguments to a schema; `problems` collects reasons if they are wanted."""

    __slots__ = ("allow_conversions", "environment", "graph", "problems", "range", "schema")

    def __init__(
        self,
        schema: FunctionSchema,
        graph: Graph,
        range: SourceRange | None,
        allow_conversions: bool,
        problems: list[str] | None,
    ) -> None:
        self.schema = schema
        self.graph = graph
        self.range = range
        self.allow_conversions = allow_conversions
        self.problems = problems
        self.environment: TypeEnv = {}

    def fail(self, reason: str) -> None:
        """Note why the schema does not fit."""
        if self.problems is not None:
            self.problems.append(f"\n{schema_text(self.schema)}:\n{reason}")

    def match_argument(self, formal: Argument, actual: NamedValue) -> Value | None:
        """The value to pass for `formal`, None if `actual` does not fit."""
        graph = self.graph
        value = actual.value
        if value is None:
            value = actual.to_value(graph)
        elif value.type is formal.type and formal.size is None and value.type.kind != "ListType":
            # Fits as it is; only an empty list literal would have to be given its type.
            return value
        if formal.size is not None and _is_number_used_as_list(value.type, formal):
            value = insert_list(graph, value.type, [value] * formal.size)
        wanted = formal.type
        if wanted.has_free_variables:
            resolved = self._resolve(formal, value)
            if resolved is None:
                return None
            wanted = resolved
        value = convert(graph, self.range, wanted, value, self.allow_conversions)
        if is_subtype(value.type, wanted):
            return value
        if self.problems is not None:
            self.fail(_mismatch(formal, value.type) + why_no_subtype(value.type, wanted))
        return None

    def _resolve(self, formal: Argument, value: Value) -> Type | None:
        why = match_type_variables(formal.type, value.type, self.environment)
        if why is not None:
            self.fail(
                f"Could not match type {value.type.repr_str} to {formal.type.repr_str} in argument "
                f"'{formal.name}': {why}.\n"
            )
            return None
        resolved = eval_type_variables(formal.type, self.environment)
        if resolved is None:
            self.fail(
                f"Type variables in type {formal.type.repr_str} could not be inferred from actual type "
                f"{value.type.repr_str}"
            )
        return resolved

    def collect_list(self, formal: Argument, actuals: Sequence[NamedValue]) -> Value | None:
        """The remaining positional arguments as the list that `formal` is: `zeros(1, 2)`."""
        wanted = unwrap_optional(formal.type)
        assert isinstance(wanted, ListType)
        element = Argument("<varargs>", wanted.element)
        elements: list[Value] = []
        for actual in actuals:
            value = self.match_argument(element, actual)
            if value is None:
                return None
            elements.append(value)
        return insert_list(self.graph, wanted.element, elements)

    def starts_list(self, index: int, formal: Argument, actual: NamedValue) -> bool:
        """Whether, with conversions, the positional arguments from here on are collected into a list."""
        if not isinstance(formal.type, ListType) or formal.size is not None:
            return False
        arguments = self.schema.arguments
        is_last = index + 1 == len(arguments) or arguments[index + 1].kwarg_only
        if not is_last or isinstance(formal.type.element, VarType):
            return False
        given = actual.to_value(self.graph).type
        return not isinstance(given, ListType) and not convertible_to_list(given, formal.type)


def _is_number_used_as_list(actual: Type, formal: Argument) -> bool:
    if actual is not FLOAT and actual is not INT:
        return False
    wanted = unwrap_optional(formal.type)
    return isinstance(wanted, ListType) and wanted.element is actual


def _mismatch(formal: Argument, actual: Type) -> str:
    inferred = ""
    if isinstance(formal.type, TensorType) and formal.type.inferred:
        inferred = (
            f"Inferred '{formal.name}' to be of type 'Tensor' because it was not annotated with an explicit "
            "type.\n"
        )
    message = (
        f"Expected a value of type '{formal.type.repr_str}' for argument '{formal.name}' but instead found "
        f"type '{actual.repr_str}'.\n{inferred}"
    )
    if isinstance(actual, TensorType) and actual.inferred:
        message += (
            f"Inferred the value for argument '{formal.name}' to be of type 'Tensor' because it was not "
            "annotated with an explicit type.\n"
        )
    if isinstance(actual, ListType) and is_subtype(actual.element, TENSOR):
        message += _EMPTY_LIST_HINT
    return message


def _keyword_index(name: str, keywords: Sequence[NamedValue], is_aten: bool) -> int | None:
    for index, keyword in enumerate(keywords):
        # What is `self` to the schema is `input` to the function of the same name in Python.
        if keyword.name == name or (is_aten and name == "self" and keyword.name == "input"):
            return index
    return None


def try_match_schema(
    schema: FunctionSchema,
    graph: Graph,
    range: SourceRange | None,
    arguments: Sequence[NamedValue],
    keywords: Sequence[NamedValue] = (),
    self_value: NamedValue | None = None,
    allow_conversions: bool = True,
    problems: list[str] | None = None,
) -> MatchedSchema | None:
    """Fit arguments to one schema; None if they do not, with the reason appended to `problems`.

    `self_value` is passed for the argument named `self`, wherever it stands.
    """
    if is_blocked(schema):
        return None
    attempt = _Attempt(schema, graph, range, allow_conversions, problems)
    is_aten = bool(keywords) and schema.name.startswith("aten::")
    inputs: list[Value] = []
    used_keywords: set[int] = set()
    used = 0
    given = len(arguments)
    for index, formal in enumerate(schema.arguments):
        if self_value is not None and formal.name == "self":
            actual, self_value = self_value, None
        elif used < given and not formal.kwarg_only:
            actual = arguments[used]
            if allow_conversions and attempt.starts_list(index, formal, actual):
                collected = attempt.collect_list(formal, arguments[used:])
                if collected is None:
                    return None
                used = given
                inputs.append(collected)
                continue
            used += 1
        elif keywords and (place := _keyword_index(formal.name, keywords, is_aten)) is not None:
            actual = keywords[place]
            if place in used_keywords:
                attempt.fail(f"Argument {actual.name} specified twice in schema, submit a bug report!\n")
                return None
            used_keywords.add(place)
        elif formal.has_default:
            actual = NamedValue.of_default(formal.default, formal.type)
        else:
            attempt.fail(f"Argument {formal.name} not provided.\n")
            return None
        value = attempt.match_argument(formal, actual)
        if value is None:
            return None
        inputs.append(value)
    if self_value is not None:
        attempt.fail("Provided self argument not used in schema.\n")
        return None
    if schema.is_vararg:
        inputs.extend(argument.to_value(graph) for argument in arguments[used:])
        used = len(arguments)
    if (used < given or keywords) and not _all_used(attempt, arguments, used, keywords, used_keywords):
        return None
    return _matched(attempt, inputs)


def _all_used(
    attempt: _Attempt,
    arguments: Sequence[NamedValue],
    used: int,
    keywords: Sequence[NamedValue],
    used_keywords: set[int],
) -> bool:
    if used < len(arguments):
        attempt.fail(f"Expected at most {used} arguments but found {len(arguments)} positional arguments.\n")
        return False
    for index, keyword in enumerate(keywords):
        if index not in used_keywords:
            known = attempt.schema.argument_index(keyword.name or "") is not None
            attempt.fail(f"Keyword argument {keyword.name} {'specified twice' if known else 'unknown'}.\n")
            return False
    return True


def _matched(attempt: _Attempt, inputs: list[Value]) -> MatchedSchema:
    fixed = _fixed_returns(attempt.schema)
    if fixed is not None:
        return MatchedSchema(attempt.schema, inputs, fixed[0], fixed[1])
    returns = attempt.schema.returns
    types: list[Type] = []
    for result in returns:
        resolved = eval_type_variables(result.type, attempt.environment)
        if resolved is None:
            raise TypeError(f"{result.type.repr_str} of {attempt.schema.name} has unbound type variables")
        types.append(resolved)
    return MatchedSchema(attempt.schema, inputs, types, _field_names(attempt.schema))


_Returns = tuple[list[Type], tuple[str, ...] | None]
_DEPENDS = "depends"


def _fixed_returns(schema: FunctionSchema) -> _Returns | None:
    """Types and names of what the schema returns, None if they depend on what it is given."""
    known = schema.known_returns
    if known is None:
        free = any(result.type.has_free_variables for result in schema.returns)
        known = _DEPENDS if free else ([result.type for result in schema.returns], _field_names(schema))
        schema.known_returns = known
    return None if known is _DEPENDS else cast("_Returns", known)


def _field_names(schema: FunctionSchema) -> tuple[str, ...] | None:
    returns = schema.returns
    return tuple(r.name for r in returns) if returns and all(r.name for r in returns) else None


def match_schema(
    schema: FunctionSchema,
    graph: Graph,
    range: SourceRange | None,
    arguments: Sequence[NamedValue],
    keywords: Sequence[NamedValue] = (),
    self_value: NamedValue | None = None,
) -> MatchedSchema:
    """Fit arguments to one schema with implicit conversions; raises `SourceError` with the reason."""
    matched = try_match_schema(schema, graph, range, arguments, keywords, self_value)
    if matched is None:
        problems: list[str] = []
        try_match_schema(schema, graph, range, arguments, keywords, self_value, problems=problems)
        raise error_at(range, "".join(problems))
    return matched


def match_schemas(
    schemas: Sequence[FunctionSchema],
    graph: Graph,
    range: SourceRange | None,
    arguments: Sequence[NamedValue],
    keywords: Sequence[NamedValue] = (),
    self_value: NamedValue | None = None,
) -> tuple[int, MatchedSchema]:
    """The first schema that fits, as (index, match); raises `SourceError` that lists all of them."""
    if len(schemas) == 1:
        return 0, match_schema(schemas[0], graph, range, arguments, keywords, self_value)
    for allow_conversions in (False, True):
        for index, schema in enumerate(schemas):
            matched = try_match_schema(
                schema, graph, range, arguments, keywords, self_value, allow_conversions
            )
            if matched is not None:
                return index, matched
    problems: list[str] = []
    for schema in schemas:
        try_match_schema(schema, graph, range, arguments, keywords, self_value, True, problems)
    variants = "".join("  " + line for line in "".join(problems).splitlines(keepends=True))
    raise error_at(
        range,
        f"Arguments for call are not valid.\nThe following variants are available:\n{variants}\n"
        "The original call is",
    )


def error_at(range: SourceRange | None, message: str) -> JitError:
    """An error for a place in the source, if one is known."""
    return JitError(message) if range is None else range.error(message)
