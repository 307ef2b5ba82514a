"""The black box: what a person takes in hand."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import torch

from jitcore.tracing.black_box.eager_reads import EagerReads
from jitcore.tracing.black_box.graph_notes import GraphNotes
from jitcore.tracing.black_box.recording import Recording
from jitcore.tracing.black_box.report import Report
from jitcore.tracing.black_box.watching import watched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jitcore.ir import Graph, Node, ScriptObject
    from jitcore.tracing.black_box.decision import Decision
    from jitcore.tracing.state import TracingState


class _Thread(threading.local):
    box: BlackBox | None = None


_THREAD = _Thread()


class BlackBox:
    """What was decided while a program was traced, or run by `run`.

    All lists are in the order in which things were first met at their places, each with how often.
    `decisions` are conditions, loops and numbers that left the trace; `captured` tensors that the graph
    holds as they were; `random` draws and seeds; `writes` writes to inputs, parameters and buffers, and
    other ways to their memory; `side_effects` what Python changes and a graph does not; `modes` flags that
    were read, and what was recorded as it works in training.
    """

    def __init__(self) -> None:
        self._recording = Recording()
        self._nodes: dict[tuple[int, str], tuple[Node, ...]] = {}

    @property
    def decisions(self) -> list[Decision]:
        """Conditions, loops, and numbers that left the trace."""
        return self._report().decisions()

    @property
    def captured(self) -> list[Decision]:
        """Tensors that became constants."""
        return self._report().notes(self._recording.findings.captured)

    @property
    def random(self) -> list[Decision]:
        """Random operators, seeds, and draws of Python's own."""
        return self._report().notes(self._recording.findings.random)

    @property
    def writes(self) -> list[Decision]:
        """Writes to what outlives the call, and other ways to the memory of tensors."""
        report = self._report()
        return [*report.notes(self._recording.findings.writes), *report.aliases()]

    @property
    def side_effects(self) -> list[Decision]:
        """What Python changes."""
        return self._report().notes(self._recording.findings.side_effects)

    @property
    def modes(self) -> list[Decision]:
        """Flags that the program reads, and operators recorded as they work in training."""
        return self._report().notes(self._recording.findings.modes)

    @property
    def methods(self) -> list[Decision]:
        """Functions that ran and that a script of the program would not run."""
        return self._report().notes(self._recording.findings.methods)

    def _report(self) -> Report:
        return Report(self._recording.findings, self._nodes)

    def run(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Call a function or module without a trace, and note what it decides; gives what it gives."""
        with watched(self._recording, [function, args, kwargs]), EagerReads(self._recording):
            return function(*args, **kwargs)

    @contextmanager
    def watching(
        self,
        state: TracingState,
        function: Callable[..., Any],
        inputs: Sequence[Any],
        keywords: Mapping[str, Any] | None,
    ) -> Generator[None]:
        """Context in which a trace calls the program."""
        notes = GraphNotes(self._recording, state)
        module = getattr(function, "__self__", function)
        self._recording.calls.containers = _containers_in(inputs, keywords)
        notes.knows_storages(list(_tensors_of(inputs, module)))
        state.notes = notes
        try:
            with watched(self._recording, [function, inputs]):
                yield
        finally:
            state.notes = None

    def finished(self, graph: Graph, owner: ScriptObject | None) -> None:
        """A trace is made: its nodes are looked up before they are forgotten by how they were recorded."""
        findings = self._recording.findings
        wanted: set[tuple[int, str]] = set()
        for read in findings.reads.values():
            wanted |= read.nodes
        for group in (findings.captured, findings.random, findings.writes):
            wanted.update(key for note in group.values() for key in note.nodes)
        if not wanted:
            return
        found: dict[tuple[int, str], list[Node]] = {}
        for each in _graphs(graph, owner):
            for node in each.all_nodes():
                key = id(node.source_range), node.kind
                if key in wanted:
                    found.setdefault(key, []).append(node)
        self._nodes.update({key: tuple(nodes) for key, nodes in found.items()})


def _graphs(graph: Graph, owner: ScriptObject | None) -> Iterator[Graph]:
    yield graph
    if owner is not None:
        for child in owner.submodules().values():
            for method in child.type.methods.values():
                made = getattr(method, "graph", None)
                if made is not None:
                    yield made
            yield from _below(child)


def _below(owner: ScriptObject) -> Iterator[Graph]:
    for child in owner.submodules().values():
        for method in child.type.methods.values():
            made = getattr(method, "graph", None)
            if made is not None:
                yield made
        yield from _below(child)


def _containers_in(inputs: Sequence[Any], keywords: Mapping[str, Any] | None) -> dict[str, str]:
    """Which inputs are lists or dicts, by name or number, in words."""
    named = {str(number): each for number, each in enumerate(inputs)} if keywords is None else keywords
    return {
        name: f"{type(each).__name__} of {len(each)} tensors"
        for name, each in named.items()
        if isinstance(each, list | dict)
    }


def _tensors_of(inputs: Any, module: Any) -> Iterator[tuple[str, torch.Tensor]]:
    waiting: list[Any] = [inputs]
    while waiting:
        each = waiting.pop()
        if isinstance(each, torch.Tensor):
            yield "an input", each
        elif isinstance(each, list | tuple):
            waiting.extend(each)
        elif isinstance(each, dict):
            waiting.extend(each.values())
    if isinstance(module, torch.nn.Module):
        for name, tensor in module.named_buffers():
            yield f"the buffer {name}", tensor
        for name, tensor in module.named_parameters():
            yield f"the parameter {name}", tensor


def current_box() -> BlackBox | None:
    """The box that traces of this thread are noted in."""
    return _THREAD.box


@contextmanager
def black_box() -> Generator[BlackBox]:
    """Context whose traces are noted in a box."""
    with _entered(made := BlackBox()):
        yield made


@contextmanager
def paused() -> Generator[None]:
    """Context whose traces and calls are noted nowhere: they only check another."""
    with _entered(None):
        yield


@contextmanager
def _entered(box: BlackBox | None) -> Generator[None]:
    before = _THREAD.box
    _THREAD.box = box
    try:
        yield
    finally:
        _THREAD.box = before
