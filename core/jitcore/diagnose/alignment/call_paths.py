"""By which lines of which files a node was reached, outermost call first, whoever made the graph."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jitcore.ir import CallStack, Graph, Node
    from jitcore.source import SourceRange

Step = tuple[str, int]
"""A file, without the folder that it was installed in, and a line of it."""

Path = tuple[Step, ...]

_FRAME: Final = re.compile(r"^(.+)\((\d+)\): .*$")
_INSTALLED: Final = re.compile(r"^.*[/\\](?:site|dist)-packages[/\\]")
_MACHINERY: Final = ("torch/nn/modules/module.py", "torch/jit/_trace.py", "torch/jit/__init__.py")
"""Files whose frames stand between a call of a module and its forward; a script has none of them."""


def canonical_file(filename: str) -> str:
    """The name of a file from which both machines see the same: behind `site-packages`, or by itself."""
    shortened = _INSTALLED.sub("", filename)
    if shortened != filename:
        return shortened.replace("\\", "/")
    return re.split(r"[/\\]", filename)[-1]


def is_installed(step: Step) -> bool:
    """Whether the line is one of a library, by its canonical name."""
    return "/" in step[0]


class CallPaths:
    """The paths of the nodes of one graph.

    A script's node has its own range and the places of the calls that were inlined; a trace's range is a
    stack of Python frames. What called the program, which only a stack tells, is cut off by `cut`.
    """

    def __init__(self, graph: Graph) -> None:
        self._known: dict[tuple[int, int], Path] = {}
        self._ranges: dict[int, Path] = {}
        self._kept: list[object] = []
        self._cuts: dict[Path, Path] = {}
        self.graph = graph

    def of(self, node: Node) -> Path:
        """The path of a node, () where nobody knows where it came from."""
        key = (id(node.source_range), id(node.callstack))
        found = self._known.get(key)
        if found is None:
            # Ids are those of objects that live on: the paths would be mixed up otherwise.
            self._kept += [node.source_range, node.callstack]
            found = self._known[key] = self._path(node.source_range, node.callstack)
        return self._cuts.get(found, found)

    def _path(self, at: SourceRange | None, stack: CallStack | None) -> Path:
        own = self._of_range(at)
        if len(own) > 1 or stack is None:
            # A stack of frames goes all the way.
            return own
        calls = [self._of_range(frame.call_site) for frame in stack.frames()]
        if not own and not any(calls):
            return ()
        return tuple(step for part in (*calls, own) for step in part)

    def _of_range(self, at: SourceRange | None) -> Path:
        if at is None:
            return ()
        found = self._ranges.get(id(at))
        if found is None:
            self._kept.append(at)
            found = self._ranges[id(at)] = _steps_of(at)
        return found

    def cut(self, first_steps: set[Step]) -> None:
        """Cut what called the program off all paths: what stands before one of `first_steps`.

        Those are the first steps of the other graph; which frame the program begins with is what most paths
        say. Where none has such a step, what all paths begin with is cut off.
        """
        paths = {self._known_path(node) for node in self.graph.all_nodes()} - {()}
        votes: dict[int, int] = {}
        for path in paths:
            at = next((index for index, step in enumerate(path) if step in first_steps), None)
            if at is not None:
                votes[at] = votes.get(at, 0) + 1
        length = max(votes, key=lambda at: (votes[at], -at)) if votes else _common_length(paths)
        if length:
            self._cuts = {path: path[length:] for path in paths if len(path) > length}

    def first_steps(self) -> set[Step]:
        """The lines of the outermost function, as far as nodes came from there."""
        return {path[0] for path in (self.of(node) for node in self.graph.all_nodes()) if path}

    def has_stacks(self) -> bool:
        """Whether places are stacks of Python frames, as a tracer records them."""
        return any(
            node.source_range is not None and _is_stack(node.source_range.origin().text())
            for node in self.graph.block.nodes()
        )

    def _known_path(self, node: Node) -> Path:
        self.of(node)
        return self._known[id(node.source_range), id(node.callstack)]


def _common_length(paths: Iterable[Path]) -> int:
    """How many steps all paths begin with; one step is left of the shortest."""
    found = list(paths)
    if len(found) < 2:
        return 0
    shortest = min(found, key=len)
    for index in range(len(shortest) - 1):
        if any(path[index] != shortest[index] for path in found):
            return index
    return len(shortest) - 1


def _is_stack(text: str) -> bool:
    return _FRAME.match(text.partition("\n")[0]) is not None


def _steps_of(at: SourceRange) -> Path:
    place = at.origin_line_col()
    if place is None or not place[0]:
        return ()
    text = at.origin().text()
    if not _is_stack(text):
        return ((canonical_file(place[0]), place[1]),)
    steps: list[Step] = []
    for line in text.splitlines():
        frame = _FRAME.match(line)
        if frame is not None:
            file = canonical_file(frame[1])
            if file not in _MACHINERY:
                steps.append((file, int(frame[2])))
    steps.reverse()
    return tuple(steps)


def place_of(at: SourceRange | None) -> tuple[str, int]:
    """File and line that a range was written at; ("", 0) where that is not known."""
    place = None if at is None else at.origin_line_col()
    return ("", 0) if place is None else (place[0], place[1])
