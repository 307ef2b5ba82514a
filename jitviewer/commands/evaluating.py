"""The evaluator of a command: a runner process that starts with the first tensor to be folded."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from jitcore.passes.spec import name_of_spec
from jitviewer.commands.telling import tell
from jitviewer.engine.bounded_evaluator import FOLDING_SECONDS, BoundedEvaluator, FoldingTimeError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from jitcore.ir import Node
    from jitcore.types import FunctionSchema
    from jitviewer.engine.evaluation import RemoteEvaluator

_COMPUTES = "constant-propagation"
"""The pass that has constants computed."""


@contextmanager
def evaluator(options: argparse.Namespace) -> Generator[LateEvaluator]:
    """An evaluator whose process ends with the context. What `--time-limit` allows it may use up."""
    late = LateEvaluator(options.time_limit or FOLDING_SECONDS)
    try:
        yield late
    finally:
        late.close()


def without_slow_passes(passes: Sequence[str], make: Callable[[Sequence[str]], str]) -> str:
    """What `make` makes after these passes; one that computes for too long is left out as a whole, and told.

    As in the window, so that a run which repeats the others has the same nodes.
    """
    try:
        return make(passes)
    except FoldingTimeError as error:
        slow = [spec for spec in passes if name_of_spec(spec) == _COMPUTES]
        tell(f"{' and '.join(slow)} cannot rewrite this graph and was left out: {error}")
        return make([spec for spec in passes if spec not in slow])


class LateEvaluator(BoundedEvaluator):
    """A `RemoteEvaluator` once one is needed: most commands never do, and messages take time to import."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._remote: RemoteEvaluator | None = None

    def close(self) -> None:
        """End the process, if there is one."""
        if self._remote is not None:
            self._remote.close()

    def begin(self) -> None:
        """See `BoundedEvaluator`."""
        if self._remote is not None:
            self._remote.begin()

    def __call__(self, node: Node, schema: FunctionSchema, inputs: Sequence[object]) -> list[object]:
        """One value per output of the node; see `RemoteEvaluator`."""
        if self._remote is None:
            from jitviewer.engine.evaluation import RemoteEvaluator

            self._remote = RemoteEvaluator(self._seconds)
        return self._remote(node, schema, inputs)
