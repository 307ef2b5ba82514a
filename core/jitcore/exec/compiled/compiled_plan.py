"""The plan of a whole graph that compiled code computes once there is some."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jitcore.exec.plan import GraphPlan

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.ir import Graph


class CompiledPlan(GraphPlan):
    """Runs `group`, which takes the graph's inputs and gives its outputs as the function of `plan` does.

    What it is given lives until it ends.
    """

    __slots__ = ()

    def __init__(self, plan: GraphPlan, graph: Graph, group: Callable[..., Any]) -> None:
        # What nobody reads, as the object of a frozen module, makes no difference.
        unread = [place for place, value in enumerate(graph.inputs) if not value.has_uses()]

        def enter(arguments: list[Any]) -> Any:
            for place in unread:
                arguments[place] = None
            given = [*arguments]
            arguments.clear()
            return group(*given)

        super().__init__(group, enter, len(graph.inputs), len(graph.outputs), plan.source)
