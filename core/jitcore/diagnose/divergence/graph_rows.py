"""A traced graph as rows that can be compared with those of another trace of the same program."""

from __future__ import annotations

import hashlib
import inspect
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import torch

from jitcore.passes.inline import inlined_graph
from jitcore.tracing.black_box.own_files import is_own_file

if TYPE_CHECKING:
    from jitcore.ir import Function, Graph, Node

_FRAME: Final = re.compile(r"^(?P<file>.+)\((?P<line>\d+)\): (?P<name>.*)$")

_HERE: Final = str(Path(__file__).parent)


@dataclass(frozen=True)
class Row:
    """A node: `kind`, `links` to the rows that it reads, `held` constants as text, `frames` of the person's
    files
    (file, line), innermost first."""

    kind: str
    links: tuple[int, ...]
    held: str
    frames: tuple[tuple[str, int], ...]

    def is_like(self, other: Row) -> bool:
        """Whether both do the same with the same."""
        return self.kind == other.kind and self.links == other.links and self.held == other.held


def rows_of(traced: Any) -> list[Row]:
    """The rows of what a trace made: a function, or a module's `forward`, with all calls inlined."""
    compiled: Any = traced.forward if isinstance(traced, torch.nn.Module) else traced
    function: Function = compiled._function
    return _rows(inlined_graph(function))


def _rows(graph: Graph) -> list[Row]:
    numbers = {id(value): -1 - place for place, value in enumerate(graph.inputs)}
    rows: list[Row] = []
    count = 0
    outside = _callers()
    for node in graph.all_nodes():
        links = tuple(numbers.setdefault(id(value), 1 << 40) for value in node.inputs)
        for value in node.outputs:
            numbers[id(value)] = count
            count += 1
        rows.append(Row(node.kind, links, _held(node), _frames(node, outside)))
    return rows


def _held(node: Node) -> str:
    if node.kind == "prim::ListUnpack":
        return f"outputs={len(node.outputs)}"
    return ", ".join(
        f"{name}={_text(value)}" for name, value in sorted(node.attributes.items()) if name != "scope"
    )


def _text(value: object) -> str:
    if isinstance(value, torch.Tensor):
        plain = value.detach().cpu().contiguous()
        content = (
            plain.view(torch.uint8).numpy().tobytes()
            if plain.dim() and plain.numel()
            else repr(plain).encode()
        )
        return f"{value.dtype}{list(value.shape)}{hashlib.sha256(content).hexdigest()[:12]}"
    return repr(value)[:200]


def frames_of(node: Node) -> tuple[tuple[str, int], ...]:
    """The places (file, line) of a person's files that a node was recorded at, innermost first.

    Whoever called the diagnosis is no part of the program.
    """
    return _frames(node, _callers())


def _frames(node: Node, outside: list[str]) -> tuple[tuple[str, int], ...]:
    if node.source_range is None:
        return ()
    lines = node.source_range.text().splitlines()
    if outside and lines[-len(outside) :] == outside:
        del lines[-len(outside) :]
    found: list[tuple[str, int]] = []
    for line in lines:
        frame = _FRAME.match(line)
        if frame is not None and is_own_file(frame["file"]):
            found.append((frame["file"], int(frame["line"])))
    return tuple(found)


def _callers() -> list[str]:
    """The frames that called the diagnosis, innermost first, as ranges of a trace tell them."""
    found: list[str] = []
    frame = inspect.currentframe()
    while frame is not None:
        code = frame.f_code
        if code.co_filename.startswith(_HERE):
            # What the diagnosis itself called in between is none of them.
            found.clear()
        else:
            found.append(f"{code.co_filename}({frame.f_lineno}): {code.co_name}")
        frame = frame.f_back
    return found


def first_unlike(one: list[Row], other: list[Row]) -> tuple[int, bool] | None:
    """The first row in which two traces differ, and whether all do by constants alone; None if they are
    alike."""
    by_constants = len(one) == len(other) and all(
        each.kind == that.kind and each.links == that.links for each, that in zip(one, other, strict=True)
    )
    for place, (each, that) in enumerate(zip(one, other, strict=False)):
        if not each.is_like(that):
            return place, by_constants
    if len(one) != len(other):
        return min(len(one), len(other)), False
    return None
