"""The graph that an executor ran last, which `last_executed_optimized_graph` shows."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jitcore.ir import Graph


class LastExecuted(threading.local):
    """What a thread ran last. Attribute: `graph`, None before the first run."""

    def __init__(self) -> None:
        self.graph: Graph | None = None


LAST_EXECUTED = LastExecuted()
"""That of each thread of this process."""
