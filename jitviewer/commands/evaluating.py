"""The evaluator of a command: a runner process that starts with the first tensor to be folded."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitcore.ir import Node
    from jitcore.types import FunctionSchema
    from jitviewer.engine.evaluation import RemoteEvaluator


@contextmanager
def evaluator() -> Generator[LateEvaluator]:
    """An evaluator whose process ends with the context."""
    late = LateEvaluator()
    try:
        yield late
    finally:
        late.close()


class LateEvaluator:
    """A `RemoteEvaluator` once one is needed: most commands never do, and messages take time to import."""

    def __init__(self) -> None:
        self._remote: RemoteEvaluator | None = None

    def close(self) -> None:
        """End the process, if there is one."""
        if self._remote is not None:
            self._remote.close()

    def __call__(self, node: Node, schema: FunctionSchema, inputs: Sequence[object]) -> list[object]:
        """One value per output of the node; see `RemoteEvaluator`."""
        if self._remote is None:
            from jitviewer.engine.evaluation import RemoteEvaluator

            self._remote = RemoteEvaluator()
        return self._remote(node, schema, inputs)
