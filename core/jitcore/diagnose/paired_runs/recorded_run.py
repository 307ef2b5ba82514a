"""A run that is over, as another process recorded it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jitcore.diagnose.paired_runs.run_recorder import Decided
    from jitcore.ir import Graph


class RecordedStep(NamedTuple):
    """What the node of an id gave in these turns of the loops around it, as the `sequence`th one that ran.

    `values` reads its outputs.
    """

    node: int
    sequence: int
    turns: tuple[int, ...]
    values: Callable[[], list[Any]]


@dataclass(frozen=True, slots=True)
class RecordedRun:
    """`steps` are in the order in which they ran; `arms` and `turns` are as a `RunRecorder` notes them."""

    graph: Graph
    steps: Sequence[RecordedStep]
    results: list[Any]
    arms: dict[int, list[Decided]]
    turns: dict[int, list[Decided]]
