"""The groups of a process that are compiled, and those that are not."""

from __future__ import annotations

import weakref
from collections import deque
from typing import TYPE_CHECKING, Any, Final

from jitcore.exec.compiled.compiled_graph import CompiledGraph
from jitcore.exec.compiled.compiled_group import CompiledGroup
from jitcore.exec.compiled.compiled_plan import CompiledPlan
from jitcore.exec.compiled.records import GroupRecord, refused_group
from jitcore.exec.compiled.tensor_program import NotCompilableError, TensorProgram

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.exec.compiled.group_compiler import GroupCompiler
    from jitcore.exec.plan import GraphPlan
    from jitcore.exec.watching import Observer
    from jitcore.ir import Graph, Node

_MOST_REFUSED: Final = 1000

_FEWEST: Final = 2
"""Operators that are worth compiling."""


class GroupCompiling:
    """Has groups compiled by `compiler` from when their plans are made, and knows what became of them."""

    def __init__(self, compiler: GroupCompiler) -> None:
        self.compiler = compiler
        self._groups: list[weakref.ref[CompiledGroup | CompiledGraph]] = []
        self._refused: deque[GroupRecord] = deque(maxlen=_MOST_REFUSED)

    def compiled(
        self,
        name: str,
        graph: Graph,
        constant: Callable[[Node], object],
        uncompiled: Callable[..., Any],
        is_canonical: bool = False,
    ) -> Callable[..., Any]:
        """What runs a graph: compiled code once there is some; `uncompiled` if the graph is not compiled."""
        try:
            program = TensorProgram(graph, constant, is_canonical)
            if len(program.steps) < _FEWEST:
                raise NotCompilableError("it has a single operator")
        except NotCompilableError as error:
            self._refused.append(refused_group(name, str(error)))
            return uncompiled
        group = CompiledGroup(name, program, uncompiled, self.compiler)
        self._add(group)
        return group

    def compiled_whole(
        self,
        name: str,
        graph: Graph,
        plan: GraphPlan,
        make_plan: Callable[[Observer], GraphPlan],
    ) -> GraphPlan:
        """The plan of a whole graph that runs in its quickest form; see `CompiledGraph`.

        `plan` runs it as it is, and `make_plan` plans it for an observer.
        """
        whole = CompiledGraph(name, plan.function, make_plan, self.compiler)
        self._add(whole)
        return CompiledPlan(plan, graph, whole)

    def _add(self, group: CompiledGroup | CompiledGraph) -> None:
        self._groups = [reference for reference in self._groups if reference() is not None]
        self._groups.append(weakref.ref(group))

    def records(self) -> tuple[GroupRecord, ...]:
        """What became of the groups whose plans are still there, then of those that nothing compiles."""
        alive = [group for reference in self._groups if (group := reference()) is not None]
        return (*(group.record() for group in alive), *self._refused)
