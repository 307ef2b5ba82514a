"""Keeps what torch compiles once for a whole process from depending on which test asked first."""

from typing import Any

import torch


def optimize_bodies(compiled: Any) -> None:
    """Let torch optimize the bodies of all that a script or a trace calls, as it does for everybody else.

    torch keeps the functions and the types of modules that it compiled, and a body that is first asked for
    under `optimized_execution(False)` stays as it was written for whoever inlines it later (`GraphFunction`
    in torch/csrc/jit/api/function_impl.cpp). To be asked before such a run.
    """
    with torch.jit.optimized_execution(True):
        if isinstance(compiled, torch.jit.ScriptFunction):
            compiled.inlined_graph  # noqa: B018
            return
        for name in compiled._c._method_names():
            compiled._c._get_method(name).inlined_graph  # noqa: B018
