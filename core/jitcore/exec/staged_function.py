"""A function that runs through stages of its own: what a specialization falls back to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jitcore.ir import Function

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.ir import Graph
    from jitcore.types import FunctionSchema


class StagedFunction(Function):
    """A function of the executor; `run` is called with the arguments, and gives its only result."""

    __slots__ = ("run",)

    def __init__(self, name: str, schema: FunctionSchema, graph: Graph) -> None:
        super().__init__(name, schema, graph)
        self.run: Callable[[list[Any]], Any] | None = None
