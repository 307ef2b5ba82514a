"""The journal of a graph: every edit, grouped into rewrite steps that can be undone and redone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jitcore.ir.graph import Graph
    from jitcore.ir.node import Node


class Rule:
    """What fires: a name, the rewrite in one line, and where its source stands (file, 1-based line)."""

    __slots__ = ("file", "line", "name", "summary")

    def __init__(self, name: str, summary: str, file: str, line: int) -> None:
        self.name = name
        self.summary = summary
        self.file = file
        self.line = line

    @classmethod
    def of(cls, function: Callable[..., object], name: str | None = None) -> Rule:
        """The rule that `function` implements; its docstring's first line is the summary."""
        code = function.__code__  # type: ignore[attr-defined]  # every rule is a plain function
        doc = (function.__doc__ or "").strip().partition("\n")[0]
        return cls(
            name or function.__name__.strip("_").replace("_", "-"), doc, code.co_filename, code.co_firstlineno
        )


class Edit:
    """One reversible change: what was done (`kind`), to which node, and how to take it back."""

    __slots__ = ("kind", "node_id", "redo", "undo")

    def __init__(self, kind: str, node_id: int, undo: Callable[[], None], redo: Callable[[], None]) -> None:
        self.kind = kind
        self.node_id = node_id
        self.undo = undo
        self.redo = redo


class Step:
    """One rewrite: the rule, a sentence with the real names, the nodes matched, made, removed, changed.

    Node ids are those of the graph. `next_unique` are the graph's value counters before and after.
    """

    __slots__ = ("because", "edits", "matched", "next_unique", "pass_name", "rule")

    def __init__(self, pass_name: str, rule: Rule, because: str, matched: tuple[int, ...]) -> None:
        self.pass_name = pass_name
        self.rule = rule
        self.because = because
        self.matched = matched
        self.edits: list[Edit] = []
        self.next_unique: tuple[int, int] = (0, 0)

    def _net(self) -> dict[int, str]:
        """What happened to each node over the whole step: made, removed or changed."""
        net: dict[int, str] = {}
        for edit in self.edits:
            before = net.get(edit.node_id)
            if edit.kind == "insert":
                net[edit.node_id] = "changed" if before == "removed" else "made"
            elif edit.kind == "remove":
                if before == "made":
                    del net[edit.node_id]
                else:
                    net[edit.node_id] = "removed"
            elif before is None:
                net[edit.node_id] = "changed"
        return net

    @property
    def made(self) -> tuple[int, ...]:
        """Ids of the nodes that the step put into the graph."""
        return tuple(n for n, what in self._net().items() if what == "made")

    @property
    def removed(self) -> tuple[int, ...]:
        """Ids of the nodes that the step took out of the graph."""
        return tuple(n for n, what in self._net().items() if what == "removed")

    @property
    def changed(self) -> tuple[int, ...]:
        """Ids of the nodes that stayed, with other inputs, outputs, types, names or attributes."""
        return tuple(n for n, what in self._net().items() if what == "changed")


def _unattributed() -> None:
    """edits made outside any rewrite"""


UNATTRIBUTED = Rule.of(_unattributed)


class Journal:
    """Records the edits of one graph.

    `steps[:position]` are applied to the graph, `steps[position:]` are undone. Recording after an
    undo drops the undone steps. One that does not tell (`tells`) is there to take edits back, and nobody
    reads it: no sentences are made for it.
    """

    def __init__(self, graph: Graph, tells: bool = True) -> None:
        self.graph = graph
        self.tells = tells
        self.steps: list[Step] = []
        self.position = 0
        self.pass_name = ""
        self._open: Step | None = None

    def record(self, kind: str, node_id: int, undo: Callable[[], None], redo: Callable[[], None]) -> None:
        """Note an edit that has just been made."""
        step = self._open
        if step is None:
            step = Step(self.pass_name, UNATTRIBUTED, "", ())
            self._append(step)
            step.next_unique = (self.graph.next_unique, self.graph.next_unique)
        step.edits.append(Edit(kind, node_id, undo, redo))

    def open_step(self, rule: Rule, because: str, matched: tuple[int, ...]) -> Step:
        """Start a step; steps do not nest."""
        if self._open is not None:
            raise RuntimeError(f"rewrite {rule.name} started inside {self._open.rule.name}")
        step = Step(self.pass_name, rule, because, matched)
        step.next_unique = (self.graph.next_unique, self.graph.next_unique)
        self._open = step
        return step

    def close_step(self, failed: bool) -> None:
        """End the open step; a step without edits is dropped, a failed one is taken back."""
        step = self._open
        if step is None:
            raise RuntimeError("no rewrite is open")
        self._open = None
        if failed:
            self._revert(step)
        elif step.edits:
            step.next_unique = (step.next_unique[0], self.graph.next_unique)
            self._append(step)

    def _append(self, step: Step) -> None:
        del self.steps[self.position :]
        self.steps.append(step)
        self.position = len(self.steps)

    def _revert(self, step: Step) -> None:
        graph = self.graph
        graph.journal = None
        try:
            for edit in reversed(step.edits):
                edit.undo()
            graph.next_unique = step.next_unique[0]
        finally:
            graph.journal = self

    def undo(self) -> bool:
        """Take the last applied step back; False when nothing is applied."""
        if self.position == 0:
            return False
        self.position -= 1
        self._revert(self.steps[self.position])
        return True

    def redo(self) -> bool:
        """Apply the next undone step again; False when there is none."""
        if self.position == len(self.steps):
            return False
        step = self.steps[self.position]
        graph = self.graph
        graph.journal = None
        try:
            for edit in step.edits:
                edit.redo()
            graph.next_unique = max(step.next_unique[1], graph.next_unique)
        finally:
            graph.journal = self
        self.position += 1
        return True

    def go_to(self, position: int) -> None:
        """Undo or redo until exactly `position` steps are applied (0 <= position <= len(steps))."""
        if not 0 <= position <= len(self.steps):
            raise IndexError(f"step {position} of {len(self.steps)}")
        while self.position > position:
            self.undo()
        while self.position < position:
            self.redo()


class Rewrite:
    """Context of one rewrite; see `Graph.rewrite`."""

    __slots__ = ("_journal",)

    def __init__(
        self, journal: Journal | None, rule: Rule, because: str | Callable[[], str], matched: Iterable[Node]
    ) -> None:
        self._journal = journal
        if journal is None:
            return
        if not journal.tells:
            journal.open_step(rule, "", ())
            return
        text = because if isinstance(because, str) else because()
        journal.open_step(rule, text, tuple(node.id for node in matched))

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._journal is not None:
            self._journal.close_step(failed=error is not None)
