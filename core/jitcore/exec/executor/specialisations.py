"""What a window shows of an executor: a tree of specializations, with the guards that chose among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from jitcore.exec.executor.settings import FusionBehavior
    from jitcore.ir import Graph


class GuardRecord(NamedTuple):
    """One guard of a specialization.

    `node_id` is the guard's number in the graph, `expected` what it compares with, a type for each tensor by
    name; `passed` runs took the group behind it and `failed` ones its fallback, `reasons` says why and how
    often (most often first). `fallback` is what those became.
    """

    node_id: int
    kind: str
    expected: tuple[tuple[str, str], ...]
    passed: int
    failed: int
    reasons: tuple[tuple[str, int], ...]
    fallback: Specialisation | None


class Specialisation(NamedTuple):
    """The stages of a function, or of what a guard falls back to.

    `behavior` says how shapes are treated, None for the last one of a chain, which is not specialized;
    `remaining` specializations may follow inside of this one. `profiled` is the graph that noted what flowed
    in `profiled_runs` runs, `optimized` the one that ran `optimized_runs` times since; None before there is
    one.
    """

    behavior: FusionBehavior | None
    remaining: int
    profiled: Graph | None
    profiled_runs: int
    optimized: Graph | None
    optimized_runs: int
    guards: tuple[GuardRecord, ...]
