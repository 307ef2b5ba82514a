"""Fusion on the CPU, for torch and for us: without LLVM torch runs what it fuses operator by operator."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from jitcore.exec.executor.settings import SETTINGS, USUAL_STRATEGY, FusionStrategy


@contextmanager
def fusing_on_cpu(is_dynamic: bool = False) -> Iterator[None]:
    """Context in which both sides may fuse operators on the CPU, with `is_dynamic` for all sizes."""
    strategy: FusionStrategy = (("DYNAMIC", 10),) if is_dynamic else USUAL_STRATEGY
    before = torch._C._jit_can_fuse_on_cpu()
    fell_back = torch._C._jit_texpr_set_fallback_allowed(True)
    theirs = torch._C._jit_set_fusion_strategy([*strategy])
    torch._C._jit_override_can_fuse_on_cpu(True)
    try:
        with SETTINGS.fusing_on_cpu(strategy):
            yield
    finally:
        torch._C._jit_override_can_fuse_on_cpu(before)
        torch._C._jit_texpr_set_fallback_allowed(fell_back)
        torch._C._jit_set_fusion_strategy(theirs)
