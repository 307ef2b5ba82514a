"""The code between `prim::Enter` and `prim::Exit` as a block, while exits are transformed.

%a = prim::Enter(%b)             %a = prim::Enter(%b)
f()                     <->      = prim::With()
%c = prim::Exit(%b)                block0(): f()
                                   block1(): %c = prim::Exit(%b)
"""

from __future__ import annotations

from jitcore.ir import Graph, Node


def fold_with_blocks(graph: Graph) -> None:
    """Put the nodes between each enter and its exit into a `prim::With`, inner ones first."""
    open_nodes: list[Node] = []
    pairs: list[tuple[Node, Node]] = []
    for node in graph.all_nodes():
        if node.kind == "prim::Enter":
            open_nodes.append(node)
        elif node.kind == "prim::Exit":
            pairs.append((open_nodes.pop(), node))
    for enter, leave in pairs:
        _fold(graph, enter, leave)


def _fold(graph: Graph, enter: Node, leave: Node) -> None:
    folded = graph.create("prim::With", (), 0)
    body, end = folded.add_block(), folded.add_block()
    node = enter.next
    while node is not None and node is not leave:
        following = node.next
        node.move_before(body.return_node)
        node = following
    leave.move_before(end.return_node)
    folded.insert_after(enter)


def unfold_with_blocks(graph: Graph) -> None:
    """Undo the folding."""
    for folded in [n for n in graph.all_nodes() if n.kind == "prim::With"]:
        for block in folded.blocks:
            for node in list(block.nodes()):
                node.move_before(folded)
        folded.destroy()
