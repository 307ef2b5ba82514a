"""Reads a graph from the text that `graph_text` (or torch) prints for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jitcore.ir import Block, Graph, Node, Value
from jitcore.printing.graph_text import SCALAR_ARGUMENTS
from jitcore.printing.parser_scanner import Scanner
from jitcore.printing.parser_values import parse_types, parse_value
from jitcore.printing.placeholders import FunctionLookup, Placeholders, TypeLookup
from jitcore.source import Source, SourceRange
from jitcore.types import ANY, TENSOR, FunctionType, Type

if TYPE_CHECKING:
    from jitcore.source import SourceError

_VALUE = re.compile(r"%([^\s,()\[\]{}=:]+)")
_NUMERIC_VALUE = re.compile(r"%([0-9]+)(?![^\s,()\[\]{}=:])")
_KIND = re.compile(r"\^?[A-Za-z_][A-Za-z0-9_]*(?:::[A-Za-z_][A-Za-z0-9_.]*)?")
_VALUES = re.compile(r"\((?:(%[^\s,()\[\]{}=:]+(?:, %[^\s,()\[\]{}=:]+)*))?\)")
_LONGEST_NUMBER = 18
"""Digits of the number of a value, a line or a column."""

_MOST_BLANKS = 1 << 26
"""Columns of all places in sum. Places beyond are left out, like comments that only look like one."""

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_BLOCK = re.compile(r"[A-Za-z_][A-Za-z0-9_]*[ \t]*\(")
_ATTRIBUTE = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)[ \t]*=")
_SCOPE = re.compile(r", scope: ([^#\n]*)")
_PLACE = re.compile(r"[ \t]*# (.*):([0-9]+):([0-9]+)[ \t]*(?=\n|$)")
_SCALARS = re.compile(r"\(([^%\n]*)\)(?=\()")
_GROUP = re.compile(r"^with (\S+)_[0-9]+ = graph", re.MULTILINE)
_FUNCTION = re.compile(r"Function(?![A-Za-z0-9_.])")


def parse_graph(
    text: str,
    types: TypeLookup | None = None,
    functions: FunctionLookup | None = None,
    filename: str = "<graph>",
    renumber: bool = False,
    starts: dict[Node, int] | None = None,
) -> Graph:
    """The graph that `text` shows, in torch's `.graph` form or in the dialect of its `parse_ir`.

    `types` and `functions` give known classes and functions by name; others become placeholders,
    one for each name. Values keep their names and numbers, so that printing gives the text again;
    with `renumber` they are numbered in the order in which they appear, and only parameters keep
    their names, as torch's parser does it. `starts` is told where in the text each node starts.
    Raises `SourceError` with the line and column in `filename`.
    """
    source = Source(text, filename)
    parser = _GraphParser(
        Scanner(source, Placeholders(text, types, functions)), renumber, {} if starts is None else starts
    )
    graph = parser.parse_graph()
    parser.expect_end()
    return graph


class _GraphParser:
    def __init__(self, scanner: Scanner, renumber: bool, starts: dict[Node, int]) -> None:
        self._scanner = scanner
        self.renumber = renumber
        self.starts = starts
        self._group_kinds = set(_GROUP.findall(scanner.text)) if "\nwith " in scanner.text else set[str]()
        self._places: dict[str, SourceRange] = {}
        self._blanks = 0

    def expect_end(self) -> None:
        scanner = self._scanner
        scanner.skip()
        if scanner.position < len(scanner.text):
            raise scanner.error("expected the end of the text")

    def parse_graph(self) -> Graph:
        """A graph and, behind it, the subgraphs of its nodes."""
        body = _Body(self, self._scanner)
        if not self.renumber:
            numbers = _NUMERIC_VALUE.findall(self._scanner.text)
            known = (int(number) for number in numbers if len(number) <= _LONGEST_NUMBER)
            body.graph.next_unique = max(known, default=-1) + 1
        scanner = self._scanner
        scanner.take(_IDENTIFIER, "'graph'")
        body.parse_parameters(body.graph.block)
        scanner.expect(":")
        body.parse_nodes(body.graph.block)
        scanner.expect("return")
        body.parse_results(body.graph.block)
        for index, node in enumerate(body.groups):
            scanner.expect(f"with {node.kind}_{index} =")
            node.attributes["Subgraph"] = self.parse_graph()
        return body.graph

    def group_kind(self, kind: str, index: int) -> str | None:
        """The kind of the node if `kind` names the subgraph number `index` of a graph."""
        stem, _, number = kind.rpartition("_")
        return stem if stem in self._group_kinds and number == str(index) else None

    def place(self) -> SourceRange | None:
        """The place in a program that a node's line ends with."""
        scanner = self._scanner
        match = _PLACE.match(scanner.text, scanner.position)
        if match is None:
            return None
        scanner.position = match.end()
        spelled = match.group().strip()
        found = self._places.get(spelled)
        if found is None:
            numbers = match.group(2, 3)
            if max(map(len, numbers)) > _LONGEST_NUMBER:
                return None
            name, line, column = match.group(1), *map(int, numbers)
            self._blanks += column
            if self._blanks > _MOST_BLANKS:
                return None
            # The program's text is not at hand: a line of blanks stands for the line that is pointed at.
            found = SourceRange(Source(" " * column, name, line - 1), column, column)
            self._places[spelled] = found
        return found


class _Body:
    """One graph while it is read: its values by name and its nodes with subgraphs in order."""

    def __init__(self, parser: _GraphParser, scanner: Scanner) -> None:
        self.graph = Graph()
        self.groups: list[Node] = []
        self._parser = parser
        self._scanner = scanner
        self._values: dict[str, Value] = {}
        self._taken: set[str] = set()
        self.renumber = parser.renumber

    # --- values --------------------------------------------------------------------------------

    def _define(self, name: str, value: Value, is_parameter: bool) -> None:
        if name in self._taken:
            raise self._error_at_line(f"%{name} is defined twice")
        self._taken.add(name)
        self._values[name] = value
        if self.renumber and not is_parameter:
            return
        if not (name.isascii() and name.isdigit()):
            value.set_debug_name(name)
        elif not self.renumber:
            if len(name) > _LONGEST_NUMBER:
                raise self._error_at_line("the number of a value is too big")
            value.unique = int(name)

    def _typed_value(self) -> tuple[str, Type | None]:
        """A value's name and type; the type is None for a function, whose constant names it later."""
        scanner = self._scanner
        name = scanner.take(_VALUE, "a value such as %x").group(1)
        if not scanner.accept(":"):
            return name, TENSOR
        scanner.skip()
        function = _FUNCTION.match(scanner.text, scanner.position)
        if function is not None:
            scanner.position = function.end()
            return name, None
        return name, scanner.parse_type()

    def _references(self) -> list[Value]:
        scanner = self._scanner
        scanner.skip()
        values = self._values
        match = _VALUES.match(scanner.text, scanner.position)
        if match is not None:
            names = match.group(1)
            known = [values.get(name[1:]) for name in names.split(", ")] if names else []
            if None not in known:
                scanner.position = match.end()
                return [value for value in known if value is not None]
        return self._references_one_by_one()

    def _references_one_by_one(self) -> list[Value]:
        """References that are spaced in an unusual way, or one of which is wrong."""
        scanner = self._scanner
        scanner.expect("(")
        found: list[Value] = []
        while not scanner.accept(")"):
            start = scanner.position
            name = scanner.take(_VALUE, "a value such as %x").group(1)
            value = self._values.get(name)
            if value is None:
                scanner.position = start
                raise scanner.error(f"%{name} is not defined here")
            found.append(value)
            if not scanner.accept(","):
                scanner.expect(")")
                break
        return found

    def parse_parameters(self, block: Block) -> None:
        """`(%x : Tensor, ...)`"""
        scanner = self._scanner
        scanner.expect("(")
        while not scanner.accept(")"):
            name, declared = self._typed_value()
            if declared is None:
                raise scanner.error("a function cannot be a parameter")
            self._define(name, block.add_input(type=declared), is_parameter=True)
            if not scanner.accept(","):
                scanner.expect(")")
                break

    def parse_results(self, block: Block) -> None:
        """`(%x, ...)` behind `return` or `->`."""
        for value in self._references():
            block.register_output(value)

    # --- nodes ---------------------------------------------------------------------------------

    def parse_nodes(self, block: Block) -> None:
        """Nodes up to `return` or `->`."""
        scanner = self._scanner
        text = scanner.text
        while True:
            scanner.skip()
            if text.startswith(("return", "->"), scanner.position):
                return
            if scanner.position >= len(scanner.text):
                raise scanner.error("expected a node or the results")
            self._parse_node(block)

    def _parse_node(self, block: Block) -> None:
        scanner = self._scanner
        results: list[tuple[str, Type | None]] = []
        scanner.skip()
        start = scanner.position
        if scanner.at("%"):
            results.append(self._typed_value())
            while scanner.accept(","):
                results.append(self._typed_value())
            scanner.expect("=")
        else:
            scanner.accept("=")
        kind = scanner.take(_KIND, "an operator such as aten::add").group()
        group = self._parser.group_kind(kind, len(self.groups))
        node = self.graph.create(group or kind, outputs=0)
        self._parser.starts[node] = start
        for name, declared in results:
            self._define(name, node.add_output(declared or ANY), is_parameter=False)
        if group is not None:
            # Holds the place of the subgraph among the attributes until it is read.
            self.groups.append(node)
            node.attributes["Subgraph"] = self.graph
        if scanner.accept("["):
            self._parse_attributes(node)
        if kind.startswith("^"):
            node.attributes[SCALAR_ARGUMENTS] = scanner.take(_SCALARS, "plain arguments").group(1)
        for value in self._references():
            node.add_input(value)
        for index, (_, declared) in enumerate(results):
            if declared is None:
                node.outputs[index].set_type(self._function_type(node))
        block.append(node)
        scope = _SCOPE.match(scanner.text, scanner.position)
        if scope is not None:
            node.scope = scope.group(1).rstrip(" \t")
            scanner.position = scope.end()
        node.source_range = self._parser.place()
        self._parse_blocks(node)

    def _parse_attributes(self, node: Node) -> None:
        scanner = self._scanner
        while not scanner.accept("]"):
            name = scanner.take(_ATTRIBUTE, "an attribute such as value=1").group(1)
            declared = node.outputs[0].type if name == "value" and len(node.outputs) == 1 else None
            is_types = name == "types" and node.kind == "prim::isinstance"
            node.attributes[name] = parse_types(scanner) if is_types else parse_value(scanner, declared)
            if not scanner.accept(","):
                scanner.expect("]")
                break

    def _function_type(self, node: Node) -> FunctionType:
        name = node.attributes.get("name")
        if not isinstance(name, str):
            raise self._error_at_line('a function constant needs a name, as in prim::Constant[name="f"]()')
        return self._scanner.placeholders.function(name)

    def _error_at_line(self, message: str) -> SourceError:
        scanner = self._scanner
        scanner.position = scanner.text.rfind("\n", 0, scanner.position) + 1
        return scanner.error(message)

    def _parse_blocks(self, node: Node) -> None:
        scanner = self._scanner
        while True:
            scanner.skip()
            if scanner.text.startswith("%", scanner.position):
                return
            if _BLOCK.match(scanner.text, scanner.position) is None:
                return
            if scanner.text.startswith("return", scanner.position):
                return
            scanner.take(_IDENTIFIER, "a block")
            block = node.add_block()
            visible = len(self._values)
            self.parse_parameters(block)
            scanner.expect(":")
            self.parse_nodes(block)
            scanner.expect("->")
            self.parse_results(block)
            # Names stand in the order of definition: those of the block are the last ones.
            while len(self._values) > visible:
                self._values.popitem()
