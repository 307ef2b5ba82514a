"""The evaluator of a command: a runner process that starts with the first tensor to be folded."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from jitcore.archive.plain_arithmetic import compute_plainly
from jitcore.requests.pass_refusal import PassRefusalError
from jitviewer.commands.telling import tell
from jitviewer.engine.bounded_evaluator import FOLDING_SECONDS, BoundedEvaluator, FoldingTimeError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from jitcore.ir import Node
    from jitcore.requests.method_request import MethodRequest
    from jitcore.types import FunctionSchema
    from jitviewer.engine.evaluation import RemoteEvaluator


@contextmanager
def evaluator(options: argparse.Namespace) -> Generator[LateEvaluator]:
    """An evaluator whose process ends with the context. What `--time-limit` allows it may use up."""
    late = LateEvaluator(options.time_limit or FOLDING_SECONDS)
    try:
        yield late
    finally:
        late.close()


def without_slow_passes(request: MethodRequest, make: Callable[[MethodRequest], str]) -> str:
    """What `make` makes of a request; a pass that computes for too long is left out as a whole, and told.

    As in the window, so that a run which repeats the others has the same nodes.
    """
    try:
        return make(request)
    except PassRefusalError as error:
        if not isinstance(error.__cause__, FoldingTimeError):
            raise
        tell(f"{error.spec} cannot rewrite this graph and was left out: {error.reason}")
        return make(request._replace(passes=[spec for spec in request.passes if spec != error.spec]))


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
        plain = compute_plainly(schema, inputs)
        if plain is not None:
            return [plain]
        if self._remote is None:
            from jitviewer.engine.evaluation import RemoteEvaluator

            self._remote = RemoteEvaluator(self._seconds)
        return self._remote(node, schema, inputs)
