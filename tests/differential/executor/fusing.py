"""Fusion on the CPU, for torch and for us: torch computes what it fuses by interpreting it, without LLVM."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from jitcore.exec.executor.settings import SETTINGS, USUAL_STRATEGY, FusionStrategy


@contextmanager
def fusing_on_cpu(is_dynamic: bool = False) -> Iterator[None]:
    """Context in which both sides may fuse operators on the CPU, with `is_dynamic` for all sizes."""
    strategy: FusionStrategy = (("DYNAMIC", 10),) if is_dynamic else USUAL_STRATEGY
    before = torch._C._jit_can_fuse_on_cpu(), torch._C._jit_get_te_must_use_llvm_cpu()
    theirs = torch._C._jit_set_fusion_strategy([*strategy])
    torch._C._jit_override_can_fuse_on_cpu(True)
    torch._C._jit_set_te_must_use_llvm_cpu(False)
    try:
        with SETTINGS.fusing_on_cpu(strategy):
            yield
    finally:
        torch._C._jit_override_can_fuse_on_cpu(before[0])
        torch._C._jit_set_te_must_use_llvm_cpu(before[1])
        torch._C._jit_set_fusion_strategy(theirs)
