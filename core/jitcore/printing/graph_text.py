"""Graphs as text, equal to what `str()` of a torch graph gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jitcore.ir import Block, Graph, Node, Value, collection_paused
from jitcore.printing.listing import Listing
from jitcore.printing.literals import literal_text, string_text
from jitcore.types import INT, TENSOR, ListType, Type, ir_text

if TYPE_CHECKING:
    from jitcore.source import SourceRange

_SUBGRAPH = "Subgraph"
SCALAR_ARGUMENTS = "scalar_args"
"""Attribute of calls of Python functions (kinds that begin with `^`): the text of their plain arguments."""
PYTHON_FUNCTION = "pyobj"
"""Attribute of such a call that holds the function itself, where it is known; it is not printed."""
_DIFFERENTIABLE = "prim::DifferentiableGraph"


def graph_text(graph: Graph, locations: bool = True) -> str:
    """The graph's text; with `locations` each line ends in the place of the program it came from."""
    return print_graph(graph, locations).text


def text_with_nested_locations(graph: Graph) -> str:
    """What torch's `graph.str(False)` gives: only lines in blocks and subgraphs end in their place."""
    printer = _GraphPrinter(locations=False, nested_locations=True)
    printer.print_graph(graph, "", None)
    return Listing(printer.lines, printer.node_ids, is_graph=True).text


@collection_paused()
def print_graph(graph: Graph, locations: bool = True) -> Listing:
    """The graph's text as a listing whose lines know their nodes."""
    printer = _GraphPrinter(locations)
    printer.print_graph(graph, "", None)
    return Listing(printer.lines, printer.node_ids, is_graph=True)


def node_text(node: Node) -> str:
    """One line for a node, without its place and without its blocks."""
    return _GraphPrinter(locations=False).node_line(node, [])


def node_with_blocks_text(node: Node) -> str:
    """The lines of a node and of what is in its blocks, as torch prints a node by itself."""
    printer = _GraphPrinter(locations=True, names_graphs=False)
    printer.print_node(node)
    return "\n".join(printer.lines)


class _GraphPrinter:
    """Collects lines; spellings of types and places are kept, since graphs share them.

    Graphs of nodes have names, under which they follow, or are only said to be there.
    """

    def __init__(
        self, locations: bool, nested_locations: bool | None = None, names_graphs: bool = True
    ) -> None:
        self._names_graphs = names_graphs
        self.lines: list[str] = []
        self.node_ids: list[tuple[int, ...]] = []
        self._locations = locations
        self._nested_locations = locations if nested_locations is None else nested_locations
        self._types: dict[int, str] = {}
        # Holding what is keyed by id() keeps the ids from being given to other objects.
        self._kept: list[Type | SourceRange] = []
        self._places: dict[int, str] = {}
        self._shown_as_tensors: set[Value] = set()

    def print_graph(self, graph: Graph, prefix: str, group_id: int | None) -> None:
        """Print `graph` and the subgraphs it refers to; `group_id` is the node a subgraph belongs to."""
        groups: list[Node] = []
        self._shown_as_tensors = graph.shown_as_tensors
        lines, ids = self.lines, self.node_ids
        owner: tuple[int, ...] = () if group_id is None else (group_id,)
        inputs = [self._typed(value) for value in graph.inputs]
        first = f"{prefix}graph("
        if not inputs:
            lines.append(first + "):")
        else:
            lines.append(first + inputs[0])
            for text in inputs[1:]:
                lines[-1] += ","
                lines.append("      " + text)
            lines[-1] += "):"
        ids.extend([owner] * max(1, len(inputs)))
        self._print_nodes(graph.block, "  ", groups, owner)
        lines.append(f"  return ({self._refs(graph.outputs)})")
        ids.append(owner)
        for index, node in enumerate(groups):
            subgraph = node.attributes[_SUBGRAPH]
            assert isinstance(subgraph, Graph)
            self.print_graph(
                subgraph, f"with {node.kind}_{index} = ", node.id if group_id is None else group_id
            )

    def print_node(self, node: Node) -> None:
        """Print a node with its blocks."""
        line = self.node_line(node, [])
        self.lines.append(line if node.source_range is None else line + self._place(node.source_range))
        self._print_blocks(node, "  ", [], (node.id,))

    def _typed(self, value: Value) -> str:
        if self._shown_as_tensors and value in self._shown_as_tensors:
            return f"%{value.debug_name or value.unique} : {ir_text(TENSOR)}"
        kind = self._types.get(id(value.type)) or self._spelled(value.type)
        return f"%{value.debug_name or value.unique} : {kind}"

    def _spelled(self, declared: Type) -> str:
        text = self._types[id(declared)] = ir_text(declared)
        self._kept.append(declared)
        return text

    def _refs(self, values: list[Value]) -> str:
        return ", ".join([f"%{value.debug_name or value.unique}" for value in values])

    def _print_nodes(self, block: Block, indent: str, groups: list[Node], owner: tuple[int, ...]) -> None:
        lines, ids = self.lines, self.node_ids
        is_nested = block.owner is not None or bool(owner)
        locations = self._nested_locations if is_nested else self._locations
        places = self._places
        node = block.param_node.next
        end = block.return_node
        while node is not end and node is not None:
            line = indent + self.node_line(node, groups)
            if locations and node.source_range is not None:
                place = places.get(id(node.source_range))
                line += place if place is not None else self._place(node.source_range)
            lines.append(line)
            ids.append(owner or (node.id,))
            if node.blocks:
                self._print_blocks(node, indent + "  ", groups, owner)
            node = node.next

    def node_line(self, node: Node, groups: list[Node]) -> str:
        """The node without indentation and place; a node with a subgraph is appended to `groups`."""
        outputs = node.outputs
        if len(outputs) == 1 and not self._shown_as_tensors:
            value = outputs[0]
            kind = self._types.get(id(value.type)) or self._spelled(value.type)
            results = f"%{value.debug_name or value.unique} : {kind}"
        else:
            results = ", ".join([self._typed(value) for value in outputs])
        operation = self._operation(node, groups) if node.attributes else node.kind
        inputs = ", ".join([f"%{value.debug_name or value.unique}" for value in node.inputs])
        line = f"{results} = {operation}({inputs})"
        return f"{line}, scope: {node.scope}" if node.scope else line

    def _print_blocks(self, node: Node, indent: str, groups: list[Node], owner: tuple[int, ...]) -> None:
        identity = owner or (node.id,)
        for index, block in enumerate(node.blocks):
            self.lines.append(
                f"{indent}block{index}({', '.join([self._typed(value) for value in block.inputs])}):"
            )
            self.node_ids.append(identity)
            self._print_nodes(block, indent + "  ", groups, owner)
            self.lines.append(f"{indent}  -> ({self._refs(block.outputs)})")
            self.node_ids.append(identity)

    def _operation(self, node: Node, groups: list[Node]) -> str:
        attributes = node.attributes
        if node.kind.startswith("^"):
            return _python_call(node)
        if self._names_graphs and isinstance(attributes.get(_SUBGRAPH), Graph):
            text = f"{node.kind}_{len(groups)}"
            groups.append(node)
            if len(attributes) == 1 or node.kind == _DIFFERENTIABLE:
                return text
        else:
            text = node.kind
        shown = [
            f"{name}={attribute_text(value, node, name)}"
            for name, value in attributes.items()
            if name != _SUBGRAPH or not self._names_graphs
        ]
        return f"{text}[{', '.join(shown)}]"

    def _place(self, source_range: SourceRange) -> str:
        found = source_range.origin_line_col()
        text = f" # {found[0]}:{found[1]}:{found[2]}" if found is not None else ""
        self._places[id(source_range)] = text
        self._kept.append(source_range)
        return text


def _python_call(node: Node) -> str:
    """A call of a Python function: its name, its attributes, and its arguments that are no values."""
    shown = [
        f"{name}={attribute_text(value, node, name)}"
        for name, value in node.attributes.items()
        if name not in (SCALAR_ARGUMENTS, PYTHON_FUNCTION)
    ]
    return f"{node.kind}[{', '.join(shown)}]({node.attributes.get(SCALAR_ARGUMENTS, '')})"


_DECLARED: Final[dict[str, Type]] = {"symbolic_shape_inputs": ListType(INT)}
"""Types of attributes that a list without items does not tell."""


def attribute_text(value: object, node: Node, name: str) -> str:
    """An attribute's value as `.graph` writes it behind `name=`."""
    if isinstance(value, str):
        return string_text(value)
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Type):
        return ir_text(value)
    if isinstance(value, Graph):
        return "<Graph>"
    if isinstance(value, (list, tuple)) and value:
        if all(isinstance(item, Type) for item in value):
            return f"[{', '.join([ir_text(item) for item in value if isinstance(item, Type)])}]"
        if all(isinstance(item, Graph) for item in value):
            return "[<Graphs>]"
    # Few attributes are more than a number or a text.
    from jitcore.printing.tensor_text import tensor_text

    declared = node.outputs[0].type if name == "value" and len(node.outputs) == 1 else _DECLARED.get(name)
    return literal_text(value, declared, tensor_text)
