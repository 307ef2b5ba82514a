"""The fields of a node, and whether its edits are recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jitcore.ir.block import Block
    from jitcore.ir.callstack import CallStack
    from jitcore.ir.graph import Graph
    from jitcore.ir.journal import Journal
    from jitcore.ir.node import Node
    from jitcore.ir.value import Value
    from jitcore.source import SourceRange
    from jitcore.types import FunctionSchema


class NodeState:
    """What a node consists of; `Node` tells what the fields mean."""

    __slots__ = (
        "_position",
        "attributes",
        "block",
        "blocks",
        "cached_schema",
        "callstack",
        "graph",
        "id",
        "inputs",
        "kind",
        "next",
        "outputs",
        "prev",
        "provenance",
        "scope",
        "source_range",
    )  # fmt: skip

    def __init__(self, graph: Graph, kind: str) -> None:
        self.graph = graph
        self.kind = kind
        self.id = number = graph.next_node_id
        graph.next_node_id = number + 1
        self.inputs: list[Value] = []
        self.outputs: list[Value] = []
        self.blocks: list[Block] = []
        self.attributes: dict[str, object] = {}
        self.block: Block | None = None
        self.prev: Node | None = None
        self.next: Node | None = None
        self.source_range: SourceRange | None = None
        self.callstack: CallStack | None = None
        self.scope: str = ""
        self.provenance: tuple[int, ...] = ()
        self._position = 0
        self.cached_schema: FunctionSchema | None = None

    def recording(self) -> Journal | None:
        """The journal, if there is one and this node is part of the graph.

        Edits of a node that is not inserted yet are not recorded one by one: inserting it records
        the node as it then is.
        """
        journal = self.graph.journal
        if journal is None:
            return None
        block = self.block
        while block is not None:
            owner = block.owner
            if owner is None:
                return journal
            block = owner.block
        return None
