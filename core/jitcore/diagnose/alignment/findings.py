"""What one graph has otherwise than the other: an arm, turns of a loop, flattened calls, constants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Side = Literal["left", "right"]
"""One of the two graphs."""

Origin = Literal["value", "attribute", "loop counter", "input"]
"""What a number or tensor is in the graph that did not make a constant of it."""


@dataclass(frozen=True, slots=True)
class KeptArm:
    """The graph on `side` has a `prim::If`, by its id; the other one has the nodes of one arm, or of none.

    `arm` is 0 or 1 for the first block or the second, None where neither leaves a trace (both give what was
    there before), or where different turns of a loop kept different arms: `by_turn` then has the arm of each
    turn. `file` and `line` are those of the condition.
    """

    side: Side
    node: int
    arm: int | None
    by_turn: tuple[tuple[tuple[int, ...], int], ...]
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class UntakenArms:
    """The graph on `side` has a `prim::If`, by its id, and the other one nothing of an arm, or of both.

    `nodes` are all that stand in these arms, at any depth.
    """

    side: Side
    node: int
    nodes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class UnrolledLoop:
    """The graph on `side` has a `prim::Loop`, by its id, and the other one its turns written out.

    `turns` has how many, for every time that the loop is entered: several where it stands in an unrolled loop
    itself. () where the body has nothing that would be seen on the other side.
    """

    side: Side
    node: int
    turns: tuple[int, ...]
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class FlattenedCall:
    """A call that the graph on `side` knows of, and the other one only by what was called.

    `callee` is the qualified name, `file` and `line` are those of the call; `nodes` are the nodes of its body
    in the graph on `side` that have partners.
    """

    side: Side
    callee: str
    file: str
    line: int
    nodes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BurntConstant:
    """The graph on `side` has a constant where the other one has something that can change.

    `constant` is the node of the constant and `value` its text; `user` reads it, as `argument`.
    `computed` is the node of the other graph that gives what is read there, as its `output`, and `origin` is
    what that is.
    """

    side: Side
    constant: int
    value: str
    user: int
    argument: str
    computed: int
    output: int
    origin: Origin
