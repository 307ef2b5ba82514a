"""Operators of older archives: matched against their old schemas, replaced by graphs that do the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from jitcore import ops
from jitcore.ops import builtin_functions
from jitcore.ops.builtins import emit_node
from jitcore.ops.lookup import key_of_schema
from jitcore.ops.matching import match_schemas
from jitcore.ops.upgraders import Upgrader, upgraders_for
from jitcore.printing import parse_graph

if TYPE_CHECKING:
    from jitcore.frontend.variables import KnownReads
    from jitcore.ir import Graph, Node, Value
    from jitcore.ops.matching import NamedValue
    from jitcore.source import SourceRange


class Upgrading:
    """What archives of one format version need; `operators` are the names that meant something else then."""

    def __init__(self, upgraders: dict[str, Upgrader]) -> None:
        self._upgraders = upgraders
        self._graphs: dict[str, Graph] = {}
        self.operators = {u.operator for u in upgraders.values()}

    @staticmethod
    def of_version(version: int | None) -> Upgrading | None:
        """For archives of that version; None if all their operators mean what they mean today."""
        upgraders = {} if version is None else upgraders_for(version)
        return Upgrading(upgraders) if upgraders else None

    def emit(
        self,
        graph: Graph,
        at: SourceRange,
        name: str,
        arguments: Sequence[NamedValue],
        keywords: Sequence[NamedValue],
        self_value: NamedValue | None,
        historic: dict[Node, str],
    ) -> Value:
        """Call an operator that meant something else; `historic` is told which overload its node was."""
        upgraders = self._upgraders
        today = [s for s in ops.find(name) if key_of_schema(s) not in upgraders]
        before = [u.old_schema for u in upgraders.values() if u.operator == name]
        functions = builtin_functions.find(name)
        schemas = [*today, *before, *(f.schema for f in functions)]
        index, matched = match_schemas(schemas, graph, at, arguments, keywords, self_value)
        place = index - len(today) - len(before)
        if place >= 0:
            results, _ = graph.insert_graph(functions[place].graph, matched.inputs)
            return results[0]
        result = emit_node(graph, at, name, matched)
        if index >= len(today):
            node = result.node if result.node.kind == name else result.node.inputs[0].node
            historic[node] = key_of_schema(matched.schema)
        return result

    def upgrade(self, graph: Graph, reads: KnownReads, historic: dict[Node, str]) -> None:
        """Replace the nodes of such operators in a graph that was just emitted."""
        for node in [n for n in graph.all_nodes() if n.kind in self.operators]:
            schema = ops.schema_of(node)
            key = historic.get(node) if schema is None else key_of_schema(schema)
            if key not in self._upgraders:
                continue
            with graph.inserting_before(node):
                results, _ = graph.insert_graph(self._replacement(key), list(node.inputs))
            for old, new in zip(node.outputs, results, strict=True):
                old.replace_all_uses_with(new)
                reads.forward(old, new)
            node.destroy()

    def _replacement(self, key: str) -> Graph:
        found = self._graphs.get(key)
        if found is None:
            found = self._graphs[key] = parse_graph(self._upgraders[key].graph_text)
        return found
