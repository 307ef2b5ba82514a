"""Writes graphs down without loss: names, numbers, types, places, constants."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

from jitcore.archive.graph_records.tables import SourceTable, TypeTable
from jitcore.archive.graph_records.types import CodeNames, Record
from jitcore.ir import DeviceName, EnumValue, Function, Graph
from jitcore.ir.objects import GeneratorValue
from jitcore.printing.graph_text import PYTHON_FUNCTION
from jitcore.types import ClassType, FunctionType, Type

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jitcore.ir import Block, CallStack, Node, Value
    from jitcore.types import Argument, FunctionSchema


def graphs_record(code: CodeNames, root: Function | ClassType | None = None) -> bytes:
    """The record of the graphs of all functions and methods in `code`, and of `root`: a function that is in
    none, or the class that all is about.

    It refers to classes and functions by the names that they have in the code, and to tensors and objects
    by their places among its constants, so it is to be made before those are written.
    """
    encoder = _Encoder(code)
    functions = [
        [name, method, encoder.graph(function.graph)]
        for name, method, function in _functions(code)
    ]  # fmt: skip
    top: Record = None
    if isinstance(root, ClassType):
        top = [code.name_of(root)]
    elif root is not None:
        top = [root.qualified_name, encoder.schema(root.schema), encoder.graph(root.graph)]
    # The tables are complete once everything else is written down.
    parts = {
        "functions": functions, "root": top, "types": encoder.types.records,
        "sources": encoder.sources.records,
    }  # fmt: skip
    return json.dumps(parts, separators=(",", ":")).encode("ascii")


def _functions(code: CodeNames) -> Iterable[tuple[str, str, Function]]:
    """Name in the code, method ("" for a function) and function of all that has a graph."""
    for declared in code.types:
        if isinstance(declared, FunctionType) and isinstance(declared.function, Function):
            yield code.name_of(declared), "", declared.function
        elif isinstance(declared, ClassType):
            for methods in (declared.methods, declared.hooks, declared.static_methods):
                for method, function in methods.items():
                    if isinstance(function, Function):
                        yield code.name_of(declared), method, function


class _Encoder:
    """Attributes: `types` and `sources`, what the graphs refer to by number."""

    def __init__(self, code: CodeNames) -> None:
        self._code = code
        self.types = TypeTable(code, self._attribute)
        self.sources = SourceTable()

    def schema(self, schema: FunctionSchema) -> Record:
        return [
            schema.name,
            [self._argument(argument) for argument in schema.arguments],
            [self._argument(argument) for argument in schema.returns],
        ]

    def _argument(self, argument: Argument) -> Record:
        default = [self._attribute(argument.default)] if argument.has_default else []
        return [argument.name, self.types.number(argument.type), default, argument.kwarg_only]

    def graph(self, graph: Graph) -> Record:
        shown: list[Record] = [value.unique for value in graph.shown_as_tensors]
        return [*self._block(graph.block), shown, graph.next_unique, graph.next_node_id]

    def _block(self, block: Block) -> list[Record]:
        return [
            block.param_node.id,
            block.return_node.id,
            [self._value(value) for value in block.inputs],
            [self._node(node) for node in block.nodes()],
            [value.unique for value in block.outputs],
        ]

    def _node(self, node: Node) -> Record:
        return [
            node.id,
            node.kind,
            [value.unique for value in node.inputs],
            [self._value(value) for value in node.outputs],
            [
                # A function of Python stays where it was made.
                [name, None if name == PYTHON_FUNCTION else self._attribute(value)]
                for name, value in node.attributes.items()
            ],
            [cast("Record", self._block(block)) for block in node.blocks],
            self.sources.place(node.source_range),
            node.scope,
            list(node.provenance),
            self._callstack(node.callstack),
        ]

    def _callstack(self, callstack: CallStack | None) -> Record:
        if callstack is None:
            return []
        return [
            [
                frame.callee, self.sources.place(frame.call_site),
                None if frame.module_type is None else self.types.number(frame.module_type),
                frame.instance, list(frame.path),
            ]
            for frame in callstack.frames()
        ]  # fmt: skip

    def _value(self, value: Value) -> Record:
        return [value.unique, value.debug_name, self.types.number(value.type)]

    def _attribute(self, value: object) -> Record:
        """Plain values are themselves, others a list that begins with what they are."""
        if isinstance(value, DeviceName):
            return ["device", str(value)]
        if value is None or isinstance(value, bool | int | float | str):
            return value
        if isinstance(value, complex):
            return ["complex", value.real, value.imag]
        if isinstance(value, list | tuple):
            items = cast("list[object]", value)
            return [type(value).__name__, *(self._attribute(item) for item in items)]
        if isinstance(value, dict):
            pairs = cast("dict[object, object]", value).items()
            return ["dict", *([self._attribute(key), self._attribute(item)] for key, item in pairs)]
        if isinstance(value, Type):
            return ["type", self.types.number(value)]
        if isinstance(value, Graph):
            return ["graph", self.graph(value)]
        if isinstance(value, EnumValue):
            return ["enum", self.types.number(value.type), value.name]
        if isinstance(value, GeneratorValue):
            return ["generator", value.device, value.seed]
        return ["constant", self._code.position(value)]
