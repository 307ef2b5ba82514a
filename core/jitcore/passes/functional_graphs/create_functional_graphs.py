"""Gathers what neither writes nor can be told from outside in graphs of its own.

%1 : Tensor = aten::neg(%x)                       %6 : Tensor = prim::FunctionalGraph_0(%x)
...                                               with prim::FunctionalGraph_0 = graph(%x : Tensor):
%6 : Tensor = aten::relu(%5)                ->      %1 : Tensor = aten::neg(%x)
%7 : Tensor = aten::add_(%y, %6, %n)                ...
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from jitcore.ir import Graph
from jitcore.passes.alias_analysis import AliasDb
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.constant_pooling import pool_constants
from jitcore.passes.functional_graphs.merging import inline_functional_graph, merge_into, subgraph_of
from jitcore.passes.rules import names, rule

if TYPE_CHECKING:
    from jitcore.ir import Block, Node

_MOST_ROUNDS: Final = 4
_FEWEST_NODES: Final = 6
_KIND: Final = "prim::FunctionalGraph"


class CreateFunctionalGraphs(Pass):
    """Move six nodes or more that neither write nor give anything that others hold into a graph of their own.

    six operators in a row    ->    prim::FunctionalGraph(%x), which computes them

    Within such a graph a pass need not look for writes. Constants are copied into it. Ours and libtorch's are
    equal but for the order of what only blocks of an if or a loop read, which libtorch takes as it lies in
    memory (torch/csrc/jit/passes/create_functional_graphs.cpp).
    """

    name: ClassVar[str] = "create-functional-graphs"
    counterpart: ClassVar[str] = "_jit_pass_create_functional_graphs"
    refuses: ClassVar[bool] = False

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Gather nodes, until a round finds no more."""
        before = _order(graph)
        pool_constants(graph)
        _Slicer(graph).run()
        pool_constants(graph)
        # Small groups are taken apart again, and constants turned round twice, often to what was there.
        return _order(graph) != before


def _order(graph: Graph) -> list[tuple[str, list[str], list[str]]]:
    """What stands in a graph and in its functional graphs, by the names of values."""
    found: list[tuple[str, list[str], list[str]]] = []
    for node in graph.all_nodes():
        found.append(
            (node.kind, [value.name for value in node.inputs], [value.name for value in node.outputs])
        )
        if node.kind == _KIND:
            found += _order(subgraph_of(node))
    return found


class _Slicer:
    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._functional: set[Node] = set()
        self._db = AliasDb(graph)

    def run(self) -> None:
        for _ in range(_MOST_ROUNDS):
            self._db = AliasDb(self._graph)
            self._is_functional_block(self._graph.block)
            if not self._slice(self._graph.block):
                break

    def _is_functional_block(self, block: Block) -> bool:
        found = True
        for node in block.nodes():
            found &= self._is_functional(node)
        return found

    def _is_functional(self, node: Node) -> bool:
        """Note, and say, whether a node with all in its blocks may be part of a functional graph."""
        db = self._db
        found = not any(db.escapes_scope((v,)) or db.value_has_writers(v) for v in node.outputs)
        for block in node.blocks:
            found &= self._is_functional_block(block)
        if not found or db.writes_to(node, node.inputs):
            return False
        self._functional.add(node)
        return True

    def _slice(self, block: Block) -> bool:
        """Gather the nodes of a block; says whether another round is worth while."""
        changed = False
        group: Node | None = None
        finished: list[Node] = []
        node = block.return_node.prev
        while node is not None and node is not block.param_node:
            preceding = node.prev
            if node.is_constant or node is group:
                pass
            elif node not in self._functional:
                for inner in node.blocks:
                    again = self._slice(inner)
                    changed = again and changed
            elif node.kind == _KIND and group is None:
                group = node
            else:
                changed = True
                moved = gather_node(node, group, self._db)
                if moved is not group and group is not None:
                    finished.append(group)
                group = moved
            node = preceding
        if group is not None:
            finished.append(group)
        for each in finished:
            if _is_small(each):
                inline_functional_graph(each)
            else:
                pool_constants_inside(each)
        return changed


def _is_small(group: Node) -> bool:
    inside = [node for node in subgraph_of(group).all_nodes() if not node.is_constant]
    return len(inside) < _FEWEST_NODES


@rule
def gather_node(node: Node, group: Node | None, db: AliasDb) -> Node:
    """f(x), FunctionalGraph(y) -> FunctionalGraph(x, y), which computes f(x) first; gives that"""
    graph = node.graph
    with gather_node.step(
        graph,
        lambda: (
            f"nobody can tell {names(node.outputs) or node.kind} from outside, and {node.kind} does not write"
        ),
        (node,) if group is None else (node, group),
    ):
        assert node.block is not None
        if group is None:
            group = _new_group(graph).insert_before(node.block.return_node)
        if not db.move_before(node, group):
            group = _new_group(graph).insert_after(node)
        merge_into(node, group)
    return group


def _new_group(graph: Graph) -> Node:
    group = graph.create(_KIND, (), 0)
    group.attributes["Subgraph"] = Graph()
    return group


@rule
def pool_constants_inside(group: Node) -> None:
    """a functional graph with equal constants -> one with each constant once, at the beginning"""
    pooled = subgraph_of(group).copy(renumber=False)
    if not pool_constants(pooled):
        return
    with pool_constants_inside.step(
        group.graph, lambda: f"each node brought its constants into the graph of {group.kind}", (group,)
    ):
        group.set_attribute("Subgraph", pooled)
