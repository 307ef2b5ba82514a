"""What a value reaches in a graph and where it comes from: through blocks, branches, loops and writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from jitcore.ir import Graph, Node, Value
from jitviewer.engine.canvas.memory import changed_by

Stop = Node | Value
"""A place that data passes: a node, or an input of the graph or of a block, which no node gives."""


@dataclass(slots=True)
class Reach:
    """Nodes and values that a flow passes, in the order in which they were met."""

    nodes: dict[Node, None] = field(default_factory=dict)
    values: dict[Value, None] = field(default_factory=dict)
    reaches_result: bool = False

    def passes(self, value: Value, user: Node | None) -> bool:
        """Whether the flow goes from a value to a node that reads it (None: to the results of the graph)."""
        return value in self.values and (self.reaches_result if user is None else user in self.nodes)


class Flow:
    """Answers about one state of a graph. Nodes that only name a constant are never met on the way down.

    A write counts as giving what later readers of the same memory see, as far as the schemas of the
    operators say that one value is a view of another.
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._writers: dict[Value, list[Node]] | None = None

    def downstream(self, starts: Iterable[Stop]) -> Reach:
        """Everything that depends on these."""
        return self._reach(starts, forward=True)

    def upstream(self, starts: Iterable[Stop]) -> Reach:
        """Everything that these depend on."""
        return self._reach(starts, forward=False)

    def path(self, starts: Iterable[Stop], ends: Iterable[Stop]) -> Reach | None:
        """A shortest way of data from one of `starts` to one of `ends`, None if there is none."""
        wanted = set(ends)
        before: dict[Stop, Stop | None] = dict.fromkeys(starts)
        pending = list(before)
        for stop in pending:
            if stop in wanted:
                return self._way(stop, before)
            for following in self._users(stop):
                if following is not None and following not in before:
                    before[following] = stop
                    pending.append(following)
        return None

    def _way(self, end: Stop, before: dict[Stop, Stop | None]) -> Reach:
        stops: list[Stop] = []
        at: Stop | None = end
        while at is not None:
            stops.append(at)
            at = before[at]
        found = Reach()
        for stop in reversed(stops):
            _note(found, stop)
        return found

    def _reach(self, starts: Iterable[Stop], *, forward: bool) -> Reach:
        found = Reach()
        pending = list(starts)
        seen = set(pending)
        for stop in pending:
            _note(found, stop)
            if forward:
                for following in self._users(stop):
                    if following is None:
                        found.reaches_result = True
                    elif following not in seen:
                        seen.add(following)
                        pending.append(following)
            else:
                for source in self._sources(stop):
                    if source not in seen:
                        seen.add(source)
                        pending.append(source)
        return found

    # --- forward ------------------------------------------------------------------------------

    def _users(self, stop: Stop) -> Iterator[Stop | None]:
        """Where the values of a stop go next, None for the results of the graph."""
        for value in [stop] if isinstance(stop, Value) else stop.outputs:
            for user, offset in value.uses:
                yield from _given_to(user, offset)
        for value in changed_by(stop) if isinstance(stop, Node) else ():
            for user, offset in value.uses:
                # Only what comes later sees what was written.
                if user is not stop and isinstance(stop, Node) and stop.is_before(user):
                    yield from _given_to(user, offset)

    # --- backward -----------------------------------------------------------------------------

    def _sources(self, stop: Stop) -> Iterator[Stop]:
        if isinstance(stop, Node):
            for value in stop.inputs:
                yield from self._origins(value, stop)
            for block in stop.blocks:
                for value in block.outputs:
                    yield from self._origins(value, stop)
        else:
            owner = stop.node.block.owner if stop.node.block is not None else None
            if owner is not None and owner.kind == "prim::Loop":
                body = owner.blocks[0]
                carried = [owner.inputs[stop.offset + 1], body.outputs[stop.offset]] if stop.offset else []
                for value in carried or owner.inputs[:1]:
                    yield from self._origins(value, owner)
        home = stop.block if isinstance(stop, Node) else stop.node.block
        if home is not None and home.owner is not None:
            # What stands in a block runs only as its condition has it.
            for value in _conditions(home.owner):
                yield from self._origins(value, home.owner)

    def _origins(self, value: Value, reader: Node) -> Iterator[Stop]:
        yield value if value.node.kind == "prim::Param" else value.node
        for writer in self._written().get(value, ()):
            if writer is not reader and not reader.is_before(writer):
                yield writer

    def _written(self) -> dict[Value, list[Node]]:
        if self._writers is None:
            self._writers = {}
            for node in self._graph.all_nodes():
                for value in changed_by(node):
                    self._writers.setdefault(value, []).append(node)
        return self._writers


def _note(found: Reach, stop: Stop) -> None:
    if isinstance(stop, Value):
        found.values[stop] = None
        return
    found.nodes[stop] = None
    found.values.update(dict.fromkeys(stop.outputs))


def _given_to(user: Node, offset: int) -> Iterator[Stop | None]:
    """Where a value goes that is input `offset` of `user`."""
    if user.kind == "prim::Return":
        owner = user.block.owner if user.block is not None else None
        yield owner
        if owner is not None and owner.kind == "prim::Loop" and offset:
            yield owner.blocks[0].inputs[offset]
        return
    yield user
    if user.kind == "prim::Loop" and offset >= 2:
        yield user.blocks[0].inputs[offset - 1]
    elif user.kind in ("prim::Loop", "prim::If"):
        # It decides whether, or how often, all of this runs.
        for block in user.blocks:
            yield from block.all_nodes()
            yield from block.inputs[:1]


def _conditions(owner: Node) -> list[Value]:
    if owner.kind == "prim::Loop":
        return [*owner.inputs[:2], owner.blocks[0].outputs[0]]
    return list(owner.inputs[:1])
