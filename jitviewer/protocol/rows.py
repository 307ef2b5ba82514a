"""Frozen rows that the window draws: trees, texts, canvas items, passes, steps, times."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Annotated

import msgspec

from jitviewer.protocol.bounded import (
    Amount,
    Coordinate,
    Count,
    Course,
    Extent,
    Few,
    Microseconds,
    Number,
    OfEdges,
    OfLines,
    OfNodes,
    OfPasses,
    OfValues,
    Seconds,
    Several,
    Size,
    Text,
    Words,
)  # fmt: skip
from jitviewer.protocol.bounds import FARTHEST


class Row(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Base of all rows: immutable and encoded as arrays."""


class TreeRow(Row, frozen=True, array_like=True):
    """One line of the archive tree, parents before children.

    `kind`: module, method, function, class, parameter, buffer, attribute, constant, extra, record, group,
    tensor (of a file that does not say whether it is a parameter),
    scriptable (a class of a Python file that is not compiled yet, with the `parameters` of its constructor).
    `path` is the module path, `name` the last part, `detail` the text of the second column,
    `bytes` the size of the tensors below (0 if none), `elements` those of the parameters among them, a
    parameter that is reached twice counted once.
    """

    id: Number
    parent: Number
    kind: Words
    name: Words
    path: Words
    detail: Words
    bytes: Size
    parameters: Words = ""
    elements: Size = 0


class ScopeRow(Row, frozen=True, array_like=True):
    """Lines `first` to `last` of a text are the body of one inlined call; `name` is what was called."""

    first: Number
    last: Number
    name: Words


class TextView(Row, frozen=True, array_like=True):
    """A text with the node ids of each line (0-based lines; empty tuple: none).

    `language` is `code`, `graph` or `source`. `marks` maps a line to made, changed or matched.
    `note` is one sentence shown instead of (or above) the text, "" for none. `numbers` are the numbers to
    show beside the lines, 0 for none (empty: count from 1).
    """

    title: Words
    language: Words
    text: Text
    line_nodes: Annotated[Sequence[Annotated[Sequence[Number], OfEdges]], OfLines]
    marks: Annotated[dict[Number, Words], OfLines]
    note: Words = ""
    scopes: Annotated[list[ScopeRow], OfLines] = []
    numbers: Annotated[list[Number], OfLines] = []


class CanvasItem(Row, frozen=True, array_like=True):
    """A box on the canvas, in scene coordinates (pixels at zoom 1, x right, y down, top left corner).

    `kind`: node, frame (module scope or call), control (prim::If, prim::Loop), block (a block of
    such a node), repeat (equal parts in a row, of which the first is shown), input, output. `node_ids`
    are the nodes it stands for (all inside, for a frame).
    `category` chooses the colour: convolution, matmul, normalization, activation, pooling,
    elementwise, reduction, shape, control, call, constant, container, io, other.
    `is_open` is None for what cannot open. `mark`: "", made, changed, matched, removed.
    """

    id: Words
    parent: Words
    kind: Words
    label: Words
    detail: Words
    x: Coordinate
    y: Coordinate
    width: Extent
    height: Extent
    node_ids: Annotated[list[Number], OfEdges]
    category: Words
    is_open: bool | None
    mark: Words


_POINT = 16
_TRIPLE = 3 * _POINT
_SHORTEST = _POINT + _TRIPLE
"""Bytes of a point, of the three that a curve leads on by, and of a course of one curve."""


class CanvasEdge(Row, frozen=True, array_like=True):
    """A connection: `points` are a start point and cubic Bezier triples, in scene coordinates.

    They travel as one string of bytes (`course_of`): of a large graph there are a hundred thousand, and few
    are looked at. `value` is the name, `%x`, and `type` the type of the value that flows, or of the first
    of several; `more` are the names of the others.
    """

    id: Words
    source: Words
    target: Words
    course: Course
    value: Words
    type: Words
    more: Annotated[list[Words], Few] = []

    def __post_init__(self) -> None:
        """Raises `ValueError` for a course that is none, or that leads off the canvas."""
        size = len(self.course)
        if size < _SHORTEST or size % _TRIPLE != _POINT:
            raise ValueError(f"{size} bytes are no course of an edge")
        if not all(-FARTHEST <= one <= FARTHEST for one in self.coordinates):
            raise ValueError("a course leads off the canvas")

    @property
    def coordinates(self) -> memoryview[float]:
        """x and y of each point, one after the other."""
        return memoryview(self.course).cast("d")

    @property
    def points(self) -> list[tuple[float, float]]:
        """The points."""
        flat = self.coordinates
        return list(zip(flat[0::2], flat[1::2], strict=True))


def course_of(points: Iterable[tuple[float, float]]) -> bytes:
    """Points as they stand in a `CanvasEdge`: pairs of doubles."""
    return array("d", chain.from_iterable(points)).tobytes()


class CanvasView(Row, frozen=True, array_like=True):
    """Everything on the canvas. Parents stand before their children in `items`.

    `shows_constants` and `merges_repeats` say what the person chose to see.
    """

    width: Extent
    height: Extent
    items: Annotated[list[CanvasItem], OfNodes]
    edges: Annotated[list[CanvasEdge], OfNodes]
    note: Words = ""
    shows_constants: bool = False
    merges_repeats: bool = False


class PassOptionRow(Row, frozen=True, array_like=True):
    """An option of a pass: name, `bool`, `int` or `str`, what it is unless chosen, and what it does."""

    name: Words
    kind: Words
    default: Words
    summary: Words


class PassRow(Row, frozen=True, array_like=True):
    """A pass of the catalogue: name, its libtorch counterpart, one line, the full description, options.

    `family` is the heading that it stands under, `assumes` what it takes for granted and does not check ("":
    it keeps values whatever it is given).
    """

    name: Words
    counterpart: Words
    summary: Words
    description: Words
    options: Annotated[list[PassOptionRow], Several] = []
    family: Words = ""
    assumes: Words = ""


class PassExampleRow(Row, frozen=True, array_like=True):
    """What a pass does to a tiny example: the method `method` of the module at `module_path` of its file,
    rewritten by `passes`, the last of which is the pass; its first step is `first_step`.

    `before` and `after` have equally many lines, `groups` are the first ones of what changed, `reasons` the
    sentences of its steps.
    """

    module_path: Words
    method: Words
    passes: Annotated[list[Words], OfPasses]
    first_step: Count
    before: TextView
    after: TextView
    groups: Annotated[list[Number], OfLines]
    reasons: Annotated[list[Words], OfValues]


class PresetRow(Row, frozen=True, array_like=True):
    """A pipeline with a name."""

    name: Words
    summary: Words
    passes: Annotated[list[Words], OfPasses]


class PassReportRow(Row, frozen=True, array_like=True):
    """What one pass of the pipeline did: its steps are `first_step` to `first_step + steps`.

    `name` is as it was asked for, with options if it has any.

    `failed` says that it cannot rewrite this graph and was left out; `note` says why.
    """

    name: Words
    changed: bool
    first_step: Count
    steps: Count
    nodes_before: Count
    nodes_after: Count
    seconds: Seconds
    note: Words
    failed: bool = False


class StepRow(Row, frozen=True, array_like=True):
    """One rewrite: the rule, where its source stands, the sentence, and the nodes concerned."""

    index: Count
    pass_name: Words
    rule: Words
    summary: Words
    file: Words
    line: Number
    because: Words
    matched: Annotated[list[Number], OfEdges]
    made: Annotated[list[Number], OfEdges]
    removed: Annotated[list[Number], OfEdges]
    changed: Annotated[list[Number], OfEdges]


class Fact(Row, frozen=True, array_like=True):
    """A line of the inspector: a name and its text; `group` is the heading it stands under.

    `link` is where a click on the text leads: `node:12`, `tensor:conv1.weight`, `record:data/0`, "" nowhere.
    """

    group: Words
    name: Words
    text: Words
    link: Words = ""


class NodeTime(Row, frozen=True, array_like=True):
    """Measured time of a node, microseconds per run.

    `self_us` leaves out nested blocks and calls, `total_us` has them; both are medians over the
    repeats; `spread_us` is the interquartile range of the total; `calls` is per run.
    `types` are the observed types of the outputs, `Float(1, 64, 112, 112)`, and `bytes` the size of
    the tensors among them. `module` is the dotted path of the module whose code it is ("" for the
    one that was run), `source` the line of the program, `file.py:17`. `has_nan` says that an output
    held a NaN. `parent` is the node in whose blocks it stands (-1: in none).

    Of the first run, all turns and calls together: `flops` are operations of products and convolutions,
    `moved` the bytes that were read and written (both -1: not counted), `allocated` the bytes of new
    storages, with what functions cost that the node calls; `peak` is the most memory alive while it ran.
    """

    node_id: Number
    kind: Words
    self_us: Microseconds
    total_us: Microseconds
    min_us: Microseconds
    spread_us: Microseconds
    calls: Size
    types: Annotated[list[Words], Few]
    bytes: Size = 0
    module: Words = ""
    source: Words = ""
    has_nan: bool = False
    parent: Number = -1
    flops: Amount = -1
    moved: Amount = -1
    allocated: Size = 0
    peak: Size = 0


class ValueRow(Row, frozen=True, array_like=True):
    """A result of a run: its type and a short text of the value."""

    name: Words
    type: Words
    text: Words


class InputRow(Row, frozen=True, array_like=True):
    """An input of the method: name, declared type, and a proposed SPEC with the reason for it."""

    name: Words
    type: Words
    spec: Words
    reason: Words
    required: bool


class DeviceRow(Row, frozen=True, array_like=True):
    """A device: its name (`cpu`, `cuda:0`), a description, and if it cannot be used, why."""

    name: Words
    description: Words
    why_absent: Words


class ScriptableRow(Row, frozen=True, array_like=True):
    """An object of a Python file that can be compiled.

    `kind`: function, module (an instance), module class or class. `line` is where it is defined, 1-based
    (0: unknown). `parameters` are those of a class's constructor as written in its signature, and
    `needs_arguments` says that some have no default. `note` says of what has no Python to be compiled from
    whose work it is.
    """

    name: Words
    kind: Words
    line: Number
    parameters: Words = ""
    needs_arguments: bool = False
    note: Words = ""


class ProblemRow(Row, frozen=True, array_like=True):
    """Why something of a Python file cannot be compiled or run: `line` is 1-based (0: unknown), `column`
    0-based; `excerpt` shows the lines with a mark below; `subject` is the object concerned ("": the file).
    With `is_warning` it was compiled or traced all the same.
    """

    subject: Words
    file: Words
    line: Number
    column: Number
    message: Words
    excerpt: Words = ""
    is_warning: bool = False
