"""The graph that an executor ran last, which `last_executed_optimized_graph` shows."""

from __future__ import annotations

import threading
import weakref
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jitcore.ir import Graph


class LastExecuted(threading.local):
    """What a thread ran last.

    As in torch it keeps no graph alive: with a function go the constants of its graphs.
    """

    def __init__(self) -> None:
        self._graph: weakref.ref[Graph] | None = None

    @property
    def graph(self) -> Graph | None:
        """The graph; None before the first run, and once nobody has it any longer."""
        return None if self._graph is None else self._graph()

    @graph.setter
    def graph(self, graph: Graph) -> None:
        self._graph = weakref.ref(graph)


LAST_EXECUTED = LastExecuted()
"""That of each thread of this process."""
