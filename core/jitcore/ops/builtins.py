"""Calls of operators: picks the overload and emits its node, or inlines what is written in TorchScript."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, overload

from jitcore.ops import builtin_functions
from jitcore.ops.conversions import insert_tuple
from jitcore.ops.matching import MatchedSchema, NamedValue, error_at, match_schemas
from jitcore.ops.table import find, similar_names
from jitcore.types import FunctionSchema, TupleType

if TYPE_CHECKING:
    from jitcore.ir import Graph, Value
    from jitcore.source import JitError, SourceRange


class _Candidates(Sequence[FunctionSchema]):
    """The overloads of an operator, then functions of the same name; none is parsed before its turn."""

    __slots__ = ("_length", "functions", "operators", "overloads")

    def __init__(self, name: str) -> None:
        self.overloads = find(name)
        self.functions = builtin_functions.find(name)
        self.operators = len(self.overloads)
        self._length = self.operators + len(self.functions)

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
