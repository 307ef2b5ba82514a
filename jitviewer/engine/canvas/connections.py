"""Which boxes each container connects: data flow lifted to the containers around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from jitcore.ir import Block, Node, Value
from jitviewer.engine.canvas.containers import Container, ContainerTree
from jitviewer.engine.canvas.folding import is_module
from jitviewer.engine.canvas.memory import Memory, memory_of, written_by

ENTRY = "in"
EXIT = "out"
"""Names of the two ports of a container: where values come in from outside, and where they go out."""

_MOST_WRITERS = 8
"""Of what many branches in a row may have written to, links come from the last ones only."""


@dataclass(slots=True)
class Connection:
    """A link between two boxes of one container, with the values that flow along it, in order."""

    source: str
    target: str
    values: dict[Value, None] = field(default_factory=dict)


class Connections:
    """The links of every container, open or not, made in one walk over the graph.

    What is open does not matter: a link stands between two things in the same container, so opening one
    adds the links inside it and leaves all others as they are. With `only`, the nodes of a flow, links are
    those between them and no others.

    Boxes are named by item id: `n<node id>` for a node, the container's id, `<container>:in`,
    `<container>:out`, `in<index>` for an input of the graph.

    What is written to is given on by the nodes that may have written to it last, too.
    """

    def __init__(self, tree: ContainerTree, only: Callable[[Value, Node | None], bool] | None = None) -> None:
        self.tree = tree
        self._only = only
        self.by_container: dict[str, dict[tuple[str, str], Connection]] = {}
        self._parts_of: dict[Node, list[Value]] = {}
        self._last: dict[Memory, list[Node]] = {}
        for node in tree.home:
            for value in node.inputs:
                self._connect_value(value, node)
                self._connect_writer(value, node)
            if node.kind == "prim::GetAttr":
                self._connect_writer(node.output, node)
            for memory in written_by(node):
                # What ran before in a block around, or in another branch, may still be the last.
                older = self._last.get(memory, ())
                kept = [one for one in older if not _stands_around(node, one)]
                self._last[memory] = [*kept[-_MOST_WRITERS:], node]
        self._connect_results(tree.root)
        for value in tree.graph.outputs:
            for writer in self._last.get(memory_of(value), ()):
                if not is_module(value) and self._passes(value, writer, None):
                    self._link(self._path(writer), [tree.root, f"root:{EXIT}"], value)
        for container in tree.by_id.values():
            if container.kind == "block" and container is not tree.root:
                self._connect_results(container)

    def of(self, container: Container) -> list[Connection]:
        """The links inside one container, in the order in which they were found."""
        return list(self.by_container.get(container.id, {}).values())

    def _connect_value(self, value: Value, user: Node) -> None:
        for producer in self._producers(value):
            if self._only is not None and not self._only(producer, user):
                continue
            maker, home = producer.node, self.tree.home[user]
            if self.tree.home.get(maker) is home and not (maker.blocks or user.blocks):
                # Most links stand between two nodes of one container.
                if not home.is_inside_hidden:
                    self._add(home, f"n{maker.id}", f"n{user.id}", producer)
                continue
            target: list[Container | str] = [*self.tree.home[user].chain()]
            if not user.blocks:
                target.append(f"n{user.id}")
            self._link(self._source_path(producer), target, producer)

    def _connect_writer(self, value: Value, reader: Node) -> None:
        """Link a reader to what wrote last to the memory that it reads."""
        if not self._last or is_module(value):
            return
        maker = value.node
        for writer in self._last.get(memory_of(value), ()):
            # Who read it after the write got it from there; what stands in another branch is not seen.
            is_older = maker is reader or maker.kind == "prim::Param" or maker.is_before(writer)
            is_seen = writer is not reader and is_older and not _are_alternatives(writer, reader)
            if is_seen and self._passes(value, writer, reader):
                self._link(self._path(writer), self._path(reader), value)

    def _passes(self, value: Value, writer: Node, reader: Node | None) -> bool:
        only = self._only
        return only is None or any(only(given, reader) for given in (*writer.outputs, value))

    def _path(self, node: Node) -> list[Container | str]:
        home = self.tree.home[node]
        return [*home.chain()] if node.blocks else [*home.chain(), f"n{node.id}"]

    def _connect_results(self, container: Container) -> None:
        block = container.block
        if block is None:
            return
        for value in block.outputs:
            for producer in self._producers(value):
                if self._only is None or self._only(producer, block.owner):
                    self._link(
                        self._source_path(producer), [*container.chain(), f"{container.id}:{EXIT}"], producer
                    )

    def _producers(self, value: Value) -> list[Value]:
        """The visible values behind `value`: itself, or what a folded list is made of."""
        node = value.node
        if node in self.tree.folded:
            if node.kind in ("prim::ListConstruct", "prim::TupleConstruct"):
                found = self._parts_of.get(node)
                if found is None:
                    # Each once: lists of lists hold what is in them more often than anyone can count.
                    parts = dict.fromkeys(p for v in node.inputs for p in self._producers(v))
                    found = self._parts_of[node] = list(parts)
                return found
            return []
        if is_module(value) and node.kind == "prim::Param":
            return []
        return [value]

    def _source_path(self, value: Value) -> list[Container | str]:
        node = value.node
        if node.kind == "prim::Param":
            block = node.block
            owner = block.owner if block is not None else None
            if owner is None:
                return [self.tree.root, f"in{value.offset}"]
            container = self._block_container(owner, value)
            return [*container.chain(), f"{container.id}:{ENTRY}"]
        home = self.tree.home[node]
        if node.blocks:
            return [*home.chain()]
        return [*home.chain(), f"n{node.id}"]

    def _block_container(self, owner: Node, value: Value) -> Container:
        index = next(i for i, b in enumerate(owner.blocks) if b is value.node.block)
        return self.tree.by_id[f"n{owner.id}.b{index}"]

    def _link(self, source: list[Container | str], target: list[Container | str], value: Value) -> None:
        """Add the pieces of one flow: out of the source's containers, across, into the target's."""
        level = 0
        while level < len(source) and level < len(target) and source[level] is target[level]:
            level += 1
        common = source[level - 1]
        if not isinstance(common, Container) or common.is_hidden or common.is_inside_hidden:
            return
        left = self._visible(source, level)
        right = self._visible(target, level)
        if not left or not right:
            # A container feeds itself (a control node and its own blocks): nothing to draw across.
            if right:
                self._add(common, f"{common.id}:{ENTRY}", _name(right[0]), value)
                self._descend(right, value)
            elif left:
                self._add(common, _name(left[0]), f"{common.id}:{EXIT}", value)
                self._ascend(left, value)
            return
        self._ascend(left, value)
        self._add(common, _name(left[0]), _name(right[0]), value)
        self._descend(right, value)

    @staticmethod
    def _visible(path: list[Container | str], level: int) -> list[Container | str]:
        """The part of `path` below the common container, down to the first that is never shown."""
        shown: list[Container | str] = []
        for part in path[level:]:
            if isinstance(part, Container) and part.is_hidden:
                break
            shown.append(part)
        return shown

    def _descend(self, path: list[Container | str], value: Value) -> None:
        for outer, inner in pairwise(path):
            if isinstance(outer, Container) and _name(inner) != f"{outer.id}:{ENTRY}":
                self._add(outer, f"{outer.id}:{ENTRY}", _name(inner), value)

    def _ascend(self, path: list[Container | str], value: Value) -> None:
        for outer, inner in pairwise(path):
            if isinstance(outer, Container) and _name(inner) != f"{outer.id}:{EXIT}":
                self._add(outer, _name(inner), f"{outer.id}:{EXIT}", value)

    def _add(self, container: Container, source: str, target: str, value: Value) -> None:
        links = self.by_container.setdefault(container.id, {})
        link = links.get((source, target))
        if link is None:
            link = links[source, target] = Connection(source, target)
        link.values[value] = None


def _are_alternatives(one: Node, other: Node) -> bool:
    """Whether two nodes stand in different branches of one node."""
    blocks = {owner: block for block, owner in _around(one)}
    return any(blocks.get(owner, block) is not block for block, owner in _around(other))


def _stands_around(one: Node, other: Node) -> bool:
    """Whether a node stands in the block of another, or in one around that: it runs whenever that did."""
    return one.block is other.block or any(owner.block is one.block for _, owner in _around(other))


def _around(node: Node) -> list[tuple[Block, Node]]:
    """The blocks that a node stands in, with their nodes."""
    found: list[tuple[Block, Node]] = []
    block = node.block
    while block is not None and block.owner is not None:
        found.append((block, block.owner))
        block = block.owner.block
    return found


def _name(part: Container | str) -> str:
    return part if isinstance(part, str) else part.id
