"""Reads graphs back, trusting nothing: a record may come from anybody."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, cast

from jitcore.archive.errors import ArchiveError
from jitcore.archive.graph_records.type_records import read_types
from jitcore.ir import CallFrame, CallStack, DeviceName, EnumValue, Function, Graph, Node, Value
from jitcore.ir.objects import GeneratorValue
from jitcore.ir.verify import VerificationError, verify
from jitcore.ops.checking_forms import first_fault
from jitcore.source import JitError, Source, SourceRange
from jitcore.types import Argument, ClassType, EnumType, FunctionSchema, Type
from jitcore.types.schema import NO_DEFAULT

if TYPE_CHECKING:
    from jitcore.archive.graph_records.types import Record
    from jitcore.frontend import SourceImporter
    from jitcore.ir import Block

_FAULTS: Final = (KeyError, IndexError, TypeError, ValueError, RecursionError, VerificationError)
"""What reading a record of another shape leads to."""


def take_graphs(code: SourceImporter, record: bytes) -> Function | ClassType | None:
    """Give the functions and methods of `code` the graphs in the record; gives the function beside them, or
    the class that all is about.

    Raises `ArchiveError` for a record that is not as `graphs_record` writes it; nothing has changed then.
    """
    try:
        parts = cast("dict[str, Record]", json.loads(record))
        decoder = _Decoder(code, parts)
        found = [
            (_function(code, str(name), str(method)), decoder.graph(cast("list[Record]", graph)))
            for name, method, graph in cast("list[list[Record]]", parts["functions"])
        ]
        root = parts["root"]
        top = None if root is None else decoder.root(cast("list[Record]", root))
        for graph in [*(graph for _, graph in found), *([top.graph] if isinstance(top, Function) else [])]:
            _check_forms(graph)
    except JitError as error:
        raise ArchiveError(f"the graphs beside the code do not fit it: {error}") from error
    except _FAULTS as error:
        raise ArchiveError(
            f"the graphs beside the code cannot be read: {type(error).__name__}: {error}"
        ) from error
    for function, graph in found:
        function.take_graph(graph)
    return top


def _function(code: SourceImporter, name: str, method: str) -> Function:
    if not method:
        return code.function(name)
    owner = code.class_type(name)
    for methods in (owner.methods, owner.hooks, owner.static_methods):
        found = methods.get(method)
        if isinstance(found, Function):
            return found
    raise ArchiveError(f"{name} has no method {method}")


def _check_forms(graph: Graph) -> None:
    fault = first_fault(graph)
    if fault is not None:
        raise ValueError(fault.sentence)


class _Decoder:
    def __init__(self, code: SourceImporter, parts: dict[str, Record]) -> None:
        self._code = code
        self._constants = code.constants
        # A default of a field may be of a type that stands earlier in the table.
        self._types: list[Type] = []
        read_types(code, cast("list[list[Record]]", parts["types"]), self._attribute, self._types)
        self._sources = [
            Source(_text(text), None if file is None else _text(file), int(cast("int", line)))
            for text, file, line in cast("list[list[Record]]", parts["sources"])
        ]

    def root(self, record: list[Record]) -> Function | ClassType:
        if len(record) == 1:
            return self._code.class_type(_text(record[0]))
        name, schema, graph = record
        called, arguments, returns = cast("list[list[list[Record]]]", schema)
        made = FunctionSchema(
            str(called), "",
            tuple(self._argument(argument) for argument in arguments),
            tuple(self._argument(argument) for argument in returns),
        )  # fmt: skip
        return Function(_text(name), made, self.graph(cast("list[Record]", graph)))

    def _argument(self, record: list[Record]) -> Argument:
        name, kind, default, is_keyword = record
        given = cast("list[Record]", default)
        value = self._attribute(given[0]) if given else NO_DEFAULT
        return Argument(_text(name), self._type(kind), value, bool(is_keyword))

    def graph(self, record: list[Record]) -> Graph:
        graph = Graph()
        values: dict[int, Value] = {}
        self._fill(graph.block, record[:5], values)
        shown, next_unique, next_node = record[5:]
        graph.shown_as_tensors = {values[_number(unique)] for unique in cast("list[Record]", shown)}
        graph.next_unique, graph.next_node_id = _number(next_unique), _number(next_node)
        verify(graph)
        return graph

    def _fill(self, block: Block, record: list[Record], values: dict[int, Value]) -> None:
        first, last, inputs, nodes, outputs = record
        block.param_node.id, block.return_node.id = _number(first), _number(last)
        self._add_values(block.param_node, inputs, values)
        for node in cast("list[list[Record]]", nodes):
            self._add_node(block, node, values)
        for unique in cast("list[Record]", outputs):
            block.register_output(values[_number(unique)])

    def _add_node(self, block: Block, record: list[Record], values: dict[int, Value]) -> None:
        number, kind, inputs, outputs, attributes, blocks, place, scope, provenance, calls = record
        node = Node(block.graph, _text(kind))
        node.id = _number(number)
        for unique in cast("list[Record]", inputs):
            node.add_input(values[_number(unique)])
        for name, value in cast("list[list[Record]]", attributes):
            node.attributes[_text(name)] = self._attribute(value)
        node.source_range = self._place(place)
        node.scope = _text(scope)
        node.provenance = tuple(_number(origin) for origin in cast("list[Record]", provenance))
        node.callstack = self._callstack(cast("list[list[Record]]", calls))
        block.append(node)
        for nested in cast("list[list[Record]]", blocks):
            self._fill(node.add_block(), nested, values)
        # After the blocks, which do not see them.
        self._add_values(node, outputs, values)

    def _add_values(self, node: Node, records: Record, values: dict[int, Value]) -> None:
        for unique, name, kind in cast("list[list[Record]]", records):
            number = _number(unique)
            if number in values:
                raise ValueError(f"two values have the number {number}")
            value = values[number] = Value(node, len(node.outputs), number, self._type(kind))
            node.outputs.append(value)
            if name is not None:
                value.debug_name = _text(name)
                node.graph.names[value.debug_name] = value

    def _callstack(self, frames: list[list[Record]]) -> CallStack | None:
        stack: CallStack | None = None
        for callee, place, kind, instance, path in reversed(frames):
            frame = CallFrame(
                _text(callee), self._place(place), None if kind is None else self._type(kind),
                None if instance is None else _text(instance),
                tuple(_text(part) for part in cast("list[Record]", path)),
            )  # fmt: skip
            stack = CallStack(frame, stack)
        return stack

    def _place(self, record: Record) -> SourceRange | None:
        if not record:
            return None
        source, start, end = (_number(part) for part in cast("list[Record]", record))
        return SourceRange(self._sources[source], start, end)

    def _type(self, number: Record) -> Type:
        return self._types[_number(number)]

    def _attribute(self, record: Record) -> object:
        if not isinstance(record, list):
            return record
        what, *rest = record
        match what:
            case "list":
                return [self._attribute(item) for item in rest]
            case "tuple":
                return tuple(self._attribute(item) for item in rest)
            case "dict":
                pairs = cast("list[list[Record]]", rest)
                return {self._attribute(key): self._attribute(item) for key, item in pairs}
            case "complex":
                real, imaginary = cast("list[float]", rest)
                return complex(real, imaginary)
            case "type":
                return self._type(rest[0])
            case "graph":
                return self.graph(cast("list[Record]", rest[0]))
            case "enum":
                return _member(self._type(rest[0]), _text(rest[1]))
            case "device":
                return DeviceName(_text(rest[0]))
            case "generator":
                return GeneratorValue(_text(rest[0]), _number(rest[1]))
            case "constant":
                return self._constants[_number(rest[0])].value
            case _:
                raise ValueError(f"a value cannot be a {what!r}")


def _member(kind: Type, name: str) -> EnumValue:
    if not isinstance(kind, EnumType):
        raise TypeError(f"{kind} is no enum")
    return EnumValue(kind, name, dict(kind.members)[name])


def _number(record: Record) -> int:
    if type(record) is not int or record < 0:
        raise TypeError(f"{record!r:.40} is no number of something")
    return record


def _text(record: Record) -> str:
    if not isinstance(record, str):
        raise TypeError(f"{record!r:.40} is no text")
    return record
