"""Rows that tell of the stages of an executor: its graphs of a method, and what chose among them."""

from __future__ import annotations

from typing import Annotated

import msgspec

from jitviewer.protocol.bounded import Count, Few, Number, Text, Words
from jitviewer.protocol.rows import Row


class StagedInputs(msgspec.Struct, frozen=True, array_like=True):
    """Runs in a row with the same inputs, SPEC texts in the order of the arguments."""

    inputs: list[str]
    times: int = 1


class GuardRow(Row, frozen=True, array_like=True):
    """What has to hold for a specialised graph to run: `kind` is the operator that asks, `wanted` what it
    asks for, `%x : Float(2, 8)`.

    `held` and `failed` count how often it did and did not, -1 where nobody counts; `reasons` are what was
    given where it failed.
    """

    kind: Words
    wanted: Words
    held: Number = -1
    failed: Number = -1
    reasons: Annotated[list[Words], Few] = msgspec.field(default_factory=list)


class StageRow(Row, frozen=True, array_like=True):
    """A graph that an executor made. `kind` is written, profiled or optimized.

    `parent` is the row that it was made of (-1: of none): a specialisation stands under the one whose guards
    sent inputs on to it. `runs` counts the runs that went by this graph. `graph` is its text, or "" with
    `why_not`. `shapes` says what sizes a guarded one is made for.
    """

    kind: Words
    graph: Text
    nodes: Count
    parent: Number = -1
    runs: Count = 0
    guards: Annotated[list[GuardRow], Few] = msgspec.field(default_factory=list)
    why_not: Words = ""
    shapes: Words = ""
