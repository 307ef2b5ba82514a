"""What one place of a person's program decided with what it knew of a tensor, while it was traced."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from jitcore.ir.node import Node

Kind = Literal[
    "branch",
    "loop-count",
    "shape",
    "constant",
    "device-or-dtype",
    "randomness",
    "mode",
    "aliasing",
    "python-state",
    "other-method",
]


@dataclass(frozen=True, slots=True)
class Read:
    """A place where Python learned something of a tensor.

    Attributes:
        what: what was asked: ``bool``, ``int``, ``float``, ``complex``, ``index``, ``item``, ``tolist``,
            ``numpy``, ``comparison``, ``size``, ``shape``, ``dim``, ``numel``, ``len``, ``stride``,
            ``iteration``, ``parts`` (as many tensors as a dimension has places), ``device``, ``dtype``;
            of what is no tensor ``attribute NAME``, ``variable NAME``, ``training``, and names of
            functions that tell of the surroundings.
        file: the file, one of the person's own.
        line: its line, from 1.
        column: its column, from 0, in characters.
        expression: the source text of the expression that read.
        tensor: a bounded description of the tensor: dtype, shape and device; empty for what is no tensor.
        value: the value that was read, as bounded text.
        from_inputs: whether the tensor depends on an input of the trace, by values or by sizes.
        library: whether a library read it on the person's behalf; the place is where that was called.
    """

    what: str
    file: str
    line: int
    column: int
    expression: str
    tensor: str
    value: str
    from_inputs: bool
    library: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """What came of reads at one place, once for all times it was decided alike.

    Attributes:
        kind: the cause that it would be, were it to hurt.
        file: the file of the place, one of the person's own unless `library`.
        line: the line where the expression begins, from 1.
        column: its column, from 0, in characters.
        end_line: the line where it ends.
        end_column: the column behind its end.
        function: the qualified name of the innermost function of the person's own files that holds the place.
        expression: the source text that was read or decided upon.
        value: what was read (bounded); for a branch True or False, for a loop how often it ran.
        decided: one sentence on what came of it.
        lines_not_taken: first and last line of an arm that did not run; None where there is none.
        times: how often this place decided so.
        reads: the reads of tensors that it came from, as far as they were followed.
        nodes: nodes of the traced graph that hold what it became, where known.
        harmless: whether it depends on nothing but parameters, configuration and constants of Python.
        library: whether it was taken in a library, on the person's behalf.
    """

    kind: Kind
    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    function: str
    expression: str
    value: str
    decided: str
    lines_not_taken: tuple[int, int] | None = None
    times: int = 1
    reads: tuple[Read, ...] = ()
    nodes: tuple[Node, ...] = ()
    harmless: bool = False
    library: bool = False
