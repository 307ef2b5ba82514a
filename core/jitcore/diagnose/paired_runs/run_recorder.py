"""Follows a run: hands on what nodes gave, and which turns of which loops they ran in."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jitcore.exec.steps import Frame, Step
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

    def observe(
        self, node: Node, function: str, step: Step, inputs: Sequence[int], outputs: Sequence[int]
    ) -> Step:
        """See `jitcore.exec.plan.Observer`."""
        if function != self._root:
            return step
        if node.kind == "prim::Loop":
            return self._taking(node, self._looping(node, step), outputs)
        if node.kind == "prim::If":
            return self._taking(node, self._branching(node, step, inputs[0]), outputs)
        return self._taking(node, step, outputs)

    def observe_turn(self, node: Node, function: str, turn: Step) -> Step:
        """See `jitcore.exec.plan.Observer`."""
        if function != self._root:
            return turn
        stack = self._stack

        def run_turn(frame: Frame) -> None:
            stack[-1] += 1
            turn(frame)

        return run_turn

    def _taking(self, node: Node, step: Step, outputs: Sequence[int]) -> Step:
        if node.id not in self._wanted:
            return step

        def run_and_take(frame: Frame) -> None:
            step(frame)
            self.sequence += 1
            self._take(node, tuple(self._stack), [frame[slot] for slot in outputs])

        return run_and_take

    def _looping(self, node: Node, step: Step) -> Step:
        def run_loop(frame: Frame) -> None:
            at, around = self.sequence, tuple(self._stack)
            self._stack.append(-1)
            depth = len(self._stack)
            try:
                step(frame)
            finally:
                told = self.turns[node.id]
                if len(told) < _MOST_TOLD:
                    told.append(Decided(around, self._stack[depth - 1] + 1, at))
                del self._stack[depth - 1 :]

        return run_loop

    def _branching(self, node: Node, step: Step, condition: int) -> Step:
        def run_branch(frame: Frame) -> None:
            told = self.arms[node.id]
            if len(told) < _MOST_TOLD:
                arm = 0 if frame[condition] else 1
                told.append(Decided(tuple(self._stack), arm, self.sequence))
            step(frame)

        return run_branch
