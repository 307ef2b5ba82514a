"""Operators that TorchScript itself defines by small functions, which are inlined where they are called.

Each is given by its schema, by the place of its body in the text that the locations of its nodes refer
to, and by the nodes of the body after cleanup.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from jitcore.ir import Graph
from jitcore.ops.conversions import insert_list
from jitcore.ops.schema_parser import parse_schema
from jitcore.source import Source, SourceRange
from jitcore.types import BOOL, DEVICE, INT, NONE, STRING, TENSOR, FunctionSchema, ListType, Type

if TYPE_CHECKING:
    from jitcore.ir import Value

Body = Callable[["BodyWriter", "list[Value]"], "Value"]


class InlinedBuiltin:
    """A function of the compiler: its schema, and the graph that is inlined for a call."""

    __slots__ = ("_body", "_declaration", "_graph", "_line", "_schema")

    def __init__(self, declaration: str, line: int, body: Body) -> None:
        self._declaration = declaration
        self._line = line
        self._body = body
        self._schema: FunctionSchema | None = None
        self._graph: Graph | None = None

    @property
    def schema(self) -> FunctionSchema:
        """Arguments and result."""
        if self._schema is None:
            self._schema = parse_schema(self._declaration)
        return self._schema

    @property
    def graph(self) -> Graph:
        """The graph; do not edit it."""
        if self._graph is None:
            graph = Graph()
            inputs = [graph.add_input(a.name, a.type) for a in self.schema.arguments]
            writer = BodyWriter(graph, self._line, self.schema)
            graph.register_output(self._body(writer, inputs))
            self._graph = graph
        return self._graph


class BodyWriter:
    """Appends nodes to the graph of a function whose body is on 1-based line `line` of its text."""

    __slots__ = ("_graph", "_line", "_source")

    def __init__(self, graph: Graph, line: int, schema: FunctionSchema) -> None:
        self._graph = graph
        self._line = line
        declared = ", ".join(f"{a.name} : {a.type.annotation()}" for a in schema.arguments)
        text = "\n" * (line - 2) + f"def {schema.name}({declared}):\n" + " " * 80
        self._source = Source(text, "<string>")

    def at(self, column: int) -> SourceRange:
        """The place in column `column` of the body."""
        start = self._source.line_starts[self._line - 1] + column
        return SourceRange(self._source, start, start + 1)

    def constant(self, value: object, type: Type, column: int | None = None) -> Value:
        """A constant; most have no place, since constant propagation made them."""
        return self._graph.insert_constant(value, type, None if column is None else self.at(column))

    def call(self, kind: str, inputs: list[Value], type: Type = TENSOR, column: int | None = 9) -> Value:
        """A node with one result."""
        node = self._graph.insert(self._graph.create(kind, inputs))
        node.source_range = None if column is None else self.at(column)
        return node.output.set_type(type)

    def raise_unless(self, condition: Value, message: Value, none: Value, told: Value | None) -> Value:
        """`assert condition, told`, whose message starts with `message`; gives `none`."""
        graph = self._graph
        branch = graph.insert(graph.create("prim::If", (condition,), 0))
        branch.source_range = self.at(2)
        branch.add_block()
        with graph.inserting_at_end(branch.add_block()):
            if told is not None:
                message = self.call("aten::add", [message, told], STRING, 2)
            failure = graph.insert(graph.create("prim::RaiseException", (message, none), 0))
            failure.source_range = self.at(2)
        return none

    def make_list(self, element: Type, values: list[Value]) -> Value:
        """A list of `values`."""
        return insert_list(self._graph, element, values)


def _swapped(kind: str) -> Body:
    """op(a, b) is kind(b, a)"""
    return lambda w, v: w.call(kind, [v[1], v[0]])


def _swapped_add(w: BodyWriter, v: list[Value]) -> Value:
    one = w.constant(1, INT)
    return w.call("aten::add", [v[1], v[0], one])


def _number_minus_tensor(w: BodyWriter, v: list[Value]) -> Value:
    one = w.constant(1, INT)
    return w.call("aten::add", [w.call("aten::neg", [v[1]]), v[0], one])


def _number_over_tensor(w: BodyWriter, v: list[Value]) -> Value:
    return w.call("aten::mul", [w.call("aten::reciprocal", [v[1]]), v[0]])


def _itself(_w: BodyWriter, v: list[Value]) -> Value:
    return v[0]


def _nothing(w: BodyWriter, _v: list[Value]) -> Value:
    return w.constant(None, NONE)


def _same(kind: str, type: Type = TENSOR, column: int | None = 9) -> Body:
    """op(...) is kind(...)"""
    return lambda w, v: w.call(kind, v, type, column)


def _list_with_default(w: BodyWriter, v: list[Value]) -> Value:
    none = w.constant(None, NONE)
    message = w.constant("AssertionError: ", STRING)
    defaults, sizes = w.call("aten::len", [v[1]], INT), w.call("aten::len", [v[0]], INT, 25)
    w.raise_unless(w.call("aten::gt", [defaults, sizes], BOOL), message, none, None)
    return v[0]


def _assert_bool(w: BodyWriter, v: list[Value]) -> Value:
    none = w.constant(None, NONE)
    message = w.constant("AssertionError: ", STRING, 2)
    return w.raise_unless(v[0], message, none, v[1])


def _assert_tensor(w: BodyWriter, v: list[Value]) -> Value:
    none = w.constant(None, NONE)
    message = w.constant("AssertionError: ", STRING, 2)
    return w.raise_unless(w.call("aten::Bool", [v[0]], BOOL), message, none, v[1])


def _to_dtype(w: BodyWriter, v: list[Value]) -> Value:
    none = w.constant(None, NONE)
    return w.call("aten::to", [*v, none])


def _is_in_string(w: BodyWriter, v: list[Value]) -> Value:
    start, absent = w.constant(0, INT, 26), w.constant(-1, INT, 44)
    end = w.call("aten::len", [v[0]], INT, 29)
    place = w.call("aten::find", [v[0], v[1], start, end], INT, 11)
    return w.call("aten::ne", [place, absent], BOOL, 11)


def _arithmetic(functions: dict[str, list[InlinedBuiltin]]) -> None:
    bodies = {
        "mul": _swapped("aten::mul"), "add": _swapped_add, "ne": _swapped("aten::ne"),
        "eq": _swapped("aten::eq"), "sub": _number_minus_tensor, "div": _number_over_tensor,
    }  # fmt: skip
    for number in ("float", "int", "complex"):
        for index, (name, body) in enumerate(bodies.items()):
            declaration = f"{name}({number} a, Tensor b) -> Tensor"
            functions[f"aten::{name}"].append(InlinedBuiltin(declaration, 3 + 2 * index, body))
    mirrored = {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le"}
    for number in ("float", "int"):
        for index, (name, other) in enumerate(mirrored.items()):
            declaration = f"{name}({number} a, Tensor b) -> Tensor"
            body = _swapped(f"aten::{other}")
            functions[f"aten::{name}"].append(InlinedBuiltin(declaration, 3 + 2 * index, body))
    for right in ("Scalar", "Tensor"):
        declaration = f"floordiv(Tensor self, {right} other) -> Tensor"
        functions["aten::floordiv"].append(InlinedBuiltin(declaration, 3, _same("aten::floor_divide")))


def _broadcasts(functions: dict[str, list[InlinedBuiltin]]) -> None:
    for number in ("float", "int"):
        for size, name in enumerate(("_single", "_pair", "_triple", "_quadruple"), 1):
            declaration = f"{name}({number}[{size}] x) -> {number}[]"
            functions[f"aten::{name}"].append(InlinedBuiltin(declaration, 3, _itself))


_SINGLE: tuple[tuple[str, str, int, Body], ...] = (
    ("aten", "_assert_int_or_pair(int[] vals, str name, str message) -> NoneType", 3, _nothing),
    ("aten", "list_with_default(int[] out_size, int[] defaults) -> int[]", 5, _list_with_default),
    ("aten", "_assert(bool condition, str message) -> NoneType", 8, _assert_bool),
    ("aten", "device(str type) -> Device", 12, _same("aten::device", DEVICE)),
    (
        "aten",
        "type(Tensor self, int dtype, bool non_blocking=False, bool copy=False) -> Tensor",
        14,
        _to_dtype,
    ),
    ("aten", "_assert(Tensor condition, str message) -> NoneType", 3, _assert_tensor),
    ("aten", "__contains__(str self, str key) -> bool", 5, _is_in_string),
    ("prim", "ndim(Tensor a) -> int", 3, _same("aten::dim", INT)),
    ("prim", "T(Tensor a) -> Tensor", 5, _same("aten::numpy_T")),
    ("prim", "H(Tensor a) -> Tensor", 7, _same("aten::matrix_H")),
    ("prim", "mT(Tensor a) -> Tensor", 9, _same("aten::mT", TENSOR, None)),
    ("prim", "mH(Tensor a) -> Tensor", 11, _same("aten::mH", TENSOR, None)),
    ("prim", "shape(Tensor a) -> int[]", 13, _same("aten::size", ListType(INT))),
)


@cache
def _functions() -> dict[str, list[InlinedBuiltin]]:
    from collections import defaultdict

    functions: dict[str, list[InlinedBuiltin]] = defaultdict(list)
    _arithmetic(functions)
    _broadcasts(functions)
    for namespace, declaration, line, body in _SINGLE:
        name = declaration.partition("(")[0]
        functions[f"{namespace}::{name}"].append(InlinedBuiltin(declaration, line, body))
    return dict(functions)


def find(name: str) -> list[InlinedBuiltin]:
    """The functions called `name` (`aten::_pair`), in the order in which calls try them."""
    return _functions().get(name, [])
