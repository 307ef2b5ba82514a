"""The evaluator of a command: a runner process that starts with the first tensor to be folded."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jitcore.passes import Evaluator


@contextmanager
def evaluator() -> Generator[Evaluator]:
    """An evaluator whose process ends with the context."""
    from jitviewer.engine.evaluation import RemoteEvaluator

    remote = RemoteEvaluator()
    try:
        yield remote
    finally:
        remote.close()
