"""Follows a run: hands on what nodes gave, and which turns of which loops they ran in."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from jitcore.exec.watching import NodeWatch

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.exec.watching import Values
    from jitcore.ir import Node

Turns = tuple[int, ...]

_MOST_TOLD = 10_000
"""Decisions of one node that are noted: a loop may take an if a million times."""


class Decided(NamedTuple):
    """In which turns of the loops around it a node decided what (an arm, or how many turns), and when: after
    how many of the wanted nodes."""

    around: Turns
    what: int
    sequence: int


class RunRecorder:
    """The observer of one run of the graph called `root`.

    `take` is given each node of `wanted`, the turns of the loops around it, outermost first, and its outputs.
    Attributes: `arms`, by the id of an if the arms that ran, in order; `turns`, by that of a loop how many it
    took each time; `sequence`, how many of the wanted nodes have run.
    """

    def __init__(self, root: str, wanted: set[int], take: Callable[[Node, Turns, list[Any]], None]) -> None:
        self.arms: dict[int, list[Decided]] = defaultdict(list)
        self.turns: dict[int, list[Decided]] = defaultdict(list)
        self.sequence = 0
        self._root = root
        self._wanted = wanted
        self._take = take
        self._stack: list[int] = []
        self._open: list[tuple[int, int, Turns]] = []

    def watch(self, node: Node, function: str) -> NodeWatch | None:
        """See `jitcore.exec.watching.Observer`."""
        if function != self._root:
            return None
        taken = self._taking(node) if node.id in self._wanted else None
        if node.kind == "prim::Loop":
            return NodeWatch(begin=lambda: self._enter_loop(node.id), end=self._leave_loop, gave=taken)
        if node.kind == "prim::If":
            return NodeWatch(given=self._branching(node), gave=taken)
        return NodeWatch(gave=taken)

    def watch_turns(self, node: Node, function: str) -> Callable[[], None] | None:
        """See `jitcore.exec.watching.Observer`."""
        return self._turn if function == self._root else None

    def finish(self) -> None:
        """The run is over: loops that it never left ran as often as they had begun to."""
        while self._open:
            self._leave_loop()

    def _taking(self, node: Node) -> Callable[[Values, Values], None]:
        def take(_given: Values, outputs: Values) -> None:
            self.sequence += 1
            self._take(node, tuple(self._stack), [*outputs])

        return take

    def _turn(self) -> None:
        self._stack[-1] += 1

    def _enter_loop(self, loop: int) -> None:
        self._open.append((loop, self.sequence, tuple(self._stack)))
        self._stack.append(-1)

    def _leave_loop(self) -> None:
        loop, at, around = self._open.pop()
        told = self.turns[loop]
        if len(told) < _MOST_TOLD:
            told.append(Decided(around, self._stack[-1] + 1, at))
        self._stack.pop()

    def _branching(self, node: Node) -> Callable[[Values], None]:
        def decide(given: Values) -> None:
            told = self.arms[node.id]
            if len(told) < _MOST_TOLD:
                told.append(Decided(tuple(self._stack), 0 if given[0] else 1, self.sequence))

        return decide
