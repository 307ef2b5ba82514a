"""What a process asks of its executors: whether they optimize, how long they profile, what they fuse."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Generator

    from jitcore.exec.compiled.groups import GroupCompiling

FusionBehavior = Literal["STATIC", "DYNAMIC"]

FusionStrategy = tuple[tuple[FusionBehavior, int], ...]
"""Pairs of how shapes are treated and how many specializations are made that way, in order."""


USUAL_STRATEGY: Final[FusionStrategy] = (("STATIC", 2), ("DYNAMIC", 10))
"""Two specializations for the shapes that were seen, then ten for all of their ranks."""


class ExecutorSettings:
    """The settings of all executors of a process, with torch's defaults.

    `optimizes` and `profiles` are asked for at each run, as is `interprets`: whether no executors are made or
    used, so that nothing is known later of what ran meanwhile. `strategy` is asked for when an executor is
    made, `profiled_runs` when it begins to profile. `fuses_on_cpu` and `fuses_on_gpu` say where operators may
    be fused, `fuses_reductions` whether sums and softmaxes are, the others which fusers may do it.
    `compiling` is what has groups compiled; None: they run operator by operator.
    """

    __slots__ = (
        "compiling", "fuses_on_cpu", "fuses_on_gpu", "fuses_reductions", "interprets", "onednn_fuser",
        "optimizes", "profiled_runs", "profiles", "strategy", "tensor_expression_fuser",
    )  # fmt: skip

    def __init__(self) -> None:
        self.optimizes = True
        self.interprets = False
        self.profiles = True
        self.profiled_runs = 1
        self.strategy: FusionStrategy = USUAL_STRATEGY
        # Torch fuses on the CPU where it was built with LLVM, which its releases are not.
        self.fuses_on_cpu = False
        self.fuses_on_gpu = True
        self.fuses_reductions = False
        self.tensor_expression_fuser = True
        self.onednn_fuser = False
        self.compiling: GroupCompiling | None = None

    @contextmanager
    def interpreting(self) -> Generator[None]:
        """Context in which functions are interpreted as they were written."""
        before = self.interprets
        self.interprets = True
        try:
            yield
        finally:
            self.interprets = before

    @contextmanager
    def fusing_on_cpu(self, strategy: FusionStrategy = USUAL_STRATEGY) -> Generator[None]:
        """Context in which operators are fused on the CPU; executors that are made there get a strategy."""
        before = self.fuses_on_cpu, self.strategy
        self.fuses_on_cpu, self.strategy = True, strategy
        try:
            yield
        finally:
            self.fuses_on_cpu, self.strategy = before


SETTINGS = ExecutorSettings()
"""The settings of this process."""
