"""What computes constants for passes within a bound on time."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from jitcore.source import JitError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitcore.ir import Node
    from jitcore.types import FunctionSchema

FOLDING_SECONDS = 10.0
"""What computing the constants of one pipeline may take, all of its passes together."""


class FoldingTimeError(JitError):
    """The time for computing constants is used up. The pass that wanted one is given up as a whole.

    Were it to keep what it folded so far, a run that repeats the pipeline would have other nodes.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"computing its constants took more than {seconds:g} s and was given up")


class BoundedEvaluator(ABC):
    """An `Evaluator` whose calls together take no longer than allowed since `begin`."""

    @abstractmethod
    def begin(self) -> None:
        """A pipeline begins: what earlier ones took does not count."""

    @abstractmethod
    def __call__(self, node: Node, schema: FunctionSchema, inputs: Sequence[object]) -> list[object]:
        """One value per output of the node. Raises `EvaluationError`, and `FoldingTimeError`."""
