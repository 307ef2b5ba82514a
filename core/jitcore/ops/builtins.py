"""Calls of operators: picks the overload and emits its node, or inlines what is written in TorchScript."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, overload

from jitcore.ops import builtin_functions
from jitcore.ops.conversions import insert_tuple
from jitcore.ops.lookup import schema_of
from jitcore.ops.matching import MatchedSchema, NamedValue, error_at, match_schemas
from jitcore.ops.table import find, similar_names
from jitcore.types import (
    BOOL,
    COMPLEX,
    FLOAT,
    INT,
    NONE,
    NUMBER,
    STRING,
    TENSOR,
    FunctionSchema,
    TupleType,
    Type,
)

if TYPE_CHECKING:
    from jitcore.ir import Graph, Value
    from jitcore.source import JitError, SourceRange


_SINGLE = frozenset(id(kind) for kind in (TENSOR, INT, FLOAT, BOOL, COMPLEX, NUMBER, STRING, NONE))
"""Types of which there is one object each, so that its identity tells them."""


class _Plan:
    """What a call comes to that gives values of certain types and names none of them.

    `defaults` are the constants behind the given values, `schema` is the overload that the node is.
    """

    __slots__ = ("defaults", "result", "schema")

    def __init__(
        self, schema: FunctionSchema | None, defaults: list[tuple[object, Type]], result: Type
    ) -> None:
        self.schema = schema
        self.defaults = defaults
        self.result = result


class _Candidates(Sequence[FunctionSchema]):
    """The overloads of an operator, then functions of the same name; none is parsed before its turn."""

    __slots__ = ("_length", "functions", "operators", "overloads", "plans")

    def __init__(self, name: str) -> None:
        self.overloads = find(name)
        self.functions = builtin_functions.find(name)
        self.operators = len(self.overloads)
        self._length = self.operators + len(self.functions)
        self.plans: dict[tuple[int, ...], _Plan] = {}

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> FunctionSchema: ...
    @overload
    def __getitem__(self, index: slice) -> list[FunctionSchema]: ...
    def __getitem__(self, index: int | slice) -> FunctionSchema | list[FunctionSchema]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        operators = self.operators
        return self.overloads[index] if index < operators else self.functions[index - operators].schema

    def __iter__(self) -> Iterator[FunctionSchema]:
        yield from self.overloads
        for function in self.functions:
            yield function.schema


@cache
def _candidates(name: str) -> _Candidates:
    return _Candidates(name)


def emit_builtin(
    graph: Graph,
    at: SourceRange | None,
    name: str,
    arguments: Sequence[NamedValue],
    keywords: Sequence[NamedValue] = (),
    self_value: NamedValue | None = None,
) -> Value:
    """Call the operator `name` at the insert point.

    Several results are packed into a tuple, with field names if the schema names them. Raises
    `SourceError` at `at` if there is no such operator or no overload fits.
    """
    candidates = _candidates(name)
    if not candidates:
        raise _unknown(at, name)
    index, matched = match_schemas(candidates, graph, at, arguments, keywords, self_value)
    operators = candidates.operators
    if index < operators:
        return emit_node(graph, at, name, matched)
    results, _ = graph.insert_graph(candidates.functions[index - operators].graph, matched.inputs)
    return results[0]


def emit_builtin_of_values(graph: Graph, at: SourceRange | None, name: str, values: list[Value]) -> Value:
    """`emit_builtin` with nothing but positional values; the same types are only matched once."""
    candidates = _candidates(name)
    key = tuple([id(value.type) for value in values])
    plan = candidates.plans.get(key)
    if plan is None:
        first = graph.next_node_id
        result = emit_builtin(graph, at, name, [NamedValue(value) for value in values])
        plan = _plan_of(name, result, values, graph.next_node_id - first)
        if plan is not None and _SINGLE.issuperset(key):
            candidates.plans[key] = plan
        return result
    inputs = values
    if plan.defaults:
        inputs = [*values, *[graph.insert_constant(value, kind) for value, kind in plan.defaults]]
    result = graph.insert_operator(name, inputs, plan.result, at)
    result.node.cached_schema = plan.schema
    return result


def _plan_of(name: str, result: Value, given: list[Value], made: int) -> _Plan | None:
    """How the call was emitted that gave `result`; None if it took more than constants and one node of it.

    What is written in TorchScript may come to a single node too, of another operator. An attempt at another
    overload may have left nodes, so `made` counts all that came with the call.
    """
    node = result.node
    inputs = node.inputs
    rest = inputs[len(given) :]
    if (
        node.kind != name
        or len(node.outputs) != 1
        or made != 1 + len(rest)
        or any(value is not mine for value, mine in zip(given, inputs, strict=False))
        or any(value.node.kind != "prim::Constant" for value in rest)
    ):
        return None
    defaults = [(value.node.attributes.get("value"), value.type) for value in rest]
    return _Plan(schema_of(node), defaults, result.type)


def emit_node(graph: Graph, at: SourceRange | None, name: str, matched: MatchedSchema) -> Value:
    """Emit the node of a match and pack its results."""
    types = matched.return_types
    node = graph.create(name, matched.inputs, len(types))
    node.source_range = at
    for output, t in zip(node.outputs, types, strict=True):
        output.type = t
    graph.insert(node)
    if len(types) == 1:
        return node.outputs[0]
    packed = None
    if matched.return_field_names is not None:
        packed = TupleType(tuple(matched.return_types), None, matched.return_field_names)
    return insert_tuple(graph, list(node.outputs), packed)


def _unknown(at: SourceRange | None, name: str) -> JitError:
    close = similar_names(name)
    if close:
        listed = "".join(f"\t{other}\n" for other in close)
        return error_at(at, f"Unknown builtin op: {name}.\nHere are some suggestions: \n{listed}")
    return error_at(
        at,
        f"Unknown builtin op: {name}.\nCould not find any similar ops to {name}. "
        "This op may not exist or may not be currently supported in TorchScript.\n",
    )
