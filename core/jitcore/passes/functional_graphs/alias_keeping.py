"""Merging nodes into groups such that an alias database still knows the memory of what groups give.

As ValueMapper of libtorch (torch/csrc/jit/passes/utils/subgraph_utils.cpp).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.ir import Graph
from jitcore.passes.functional_graphs.merging import merge_into

if TYPE_CHECKING:
    from jitcore.ir import Node
    from jitcore.passes.alias_analysis import AliasDb


def group_alone(kind: str, node: Node, db: AliasDb) -> Node:
    """Put `node` into a new group of its own; gives the group. Part of a rewrite of whoever calls."""
    group = node.graph.create(kind, (), 0)
    group.attributes["Subgraph"] = Graph()
    stand_in = _stand_in(node, db)
    group.insert_before(node)
    _merge_beside(node, group, stand_in, db)
    return group


def merge_with_aliases(node: Node, group: Node, db: AliasDb) -> None:
    """Move `node`, or the nodes of its graph, into the group. Part of a rewrite of whoever calls."""
    _merge_beside(node, group, _stand_in(node, db), db)


def _stand_in(node: Node, db: AliasDb) -> Node:
    """A node that is known for what `node` gives, until the group gives it; it takes numbers and names."""
    made = node.graph.create("prim::Uninitialized", (), 0)
    made.insert_before(node)
    for output in node.outputs:
        db.replace_with_new_value(output, made.add_output(output.type).copy_metadata(output))
    return made


def _merge_beside(node: Node, group: Node, stand_in: Node, db: AliasDb) -> None:
    readers = {
        use: stand_in.outputs[place] for place, output in enumerate(node.outputs) for use in output.uses
    }
    merge_into(node, group)
    for output in group.outputs:
        known = next((readers[use] for use in output.uses if use in readers), None)
        if known is not None:
            db.replace_with_new_value(known, output)
    stand_in.destroy()
