"""How compiled functions are executed: torch.jit's settings by their names, and the graph that ran last."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from jitcore.exec.compiled.group_compiler import GroupCompiler
from jitcore.exec.compiled.groups import GroupCompiling
from jitcore.exec.executor.last_executed import LAST_EXECUTED
from jitcore.exec.executor.settings import SETTINGS
from jitcore.scripting.library.texts import ScriptGraph

if TYPE_CHECKING:
    import os
    from collections.abc import Generator, Sequence

    from jitcore.exec.compiled.records import GroupRecord
    from jitcore.exec.executor.settings import FusionBehavior

_STRATEGY_SIGNATURE = (
    "_jit_set_fusion_strategy(): incompatible function arguments. "
    "The following argument types are supported:\n"
    "    1. (arg0: collections.abc.Sequence[tuple[str, typing.SupportsInt | typing.SupportsIndex]])"
    " -> list[tuple[str, int]]\n\nInvoked with: {!r}"
)
_FLAG_SIGNATURE = (
    "{}(): incompatible function arguments. The following argument types are supported:\n"
    "    1. (arg0: bool) -> {}\n\nInvoked with: {!r}"
)


@contextmanager
def optimized_execution(should_optimize: Any) -> Generator[None]:
    """Context in which functions are run optimized, or as they were written.

    What has been optimized already is run so all the same. Raises TypeError for what is no flag.
    """
    before = SETTINGS.optimizes
    SETTINGS.optimizes = _flag(should_optimize, "_set_graph_executor_optimize", "None")
    try:
        yield
    finally:
        SETTINGS.optimizes = before


def last_executed_optimized_graph() -> ScriptGraph | None:
    """The graph that this thread ran last, with what was noted if it was profiled; None before that."""
    graph = LAST_EXECUTED.graph
    return None if graph is None else ScriptGraph(graph)


def set_fusion_strategy(strategy: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Say how often a function may be specialized, and in which ways; gives the strategy before.

    `strategy` is a list of pairs: "STATIC" (for the shapes that were seen) or "DYNAMIC" (for all of that
    rank), and a number of specializations. Functions that ran already keep theirs. Raises TypeError and
    ValueError.
    """
    warnings.warn(
        "`torch.jit.set_fusion_strategy` is deprecated. Please use `torch.compile` instead.",
        DeprecationWarning,
        stacklevel=2,
    )
    if isinstance(strategy, str | bytes) or not hasattr(strategy, "__getitem__"):
        raise TypeError(_STRATEGY_SIGNATURE.format(strategy))
    pairs = [_specialization(pair, strategy) for pair in strategy]
    for kind, _ in pairs:
        if kind not in ("STATIC", "DYNAMIC"):
            raise ValueError(f"FusionBehavior only supported 'STATIC' or 'DYNAMIC', got: {kind}")
    before = SETTINGS.strategy
    SETTINGS.strategy = tuple((cast("FusionBehavior", kind), count) for kind, count in pairs)
    return list(before)


def _specialization(pair: Any, strategy: object) -> tuple[str, int]:
    is_pair = not isinstance(pair, str) and hasattr(pair, "__getitem__") and len(pair) == 2
    if not is_pair or not isinstance(pair[0], str) or not hasattr(type(pair[1]), "__index__"):
        raise TypeError(_STRATEGY_SIGNATURE.format(strategy))
    count = int(pair[1])
    if not 0 <= count < 1 << 64:
        raise TypeError(_STRATEGY_SIGNATURE.format(strategy))
    return pair[0], count


def override_can_fuse_on_cpu(enabled: bool) -> None:
    """Let operators be fused on the CPU, or not: `torch._C._jit_override_can_fuse_on_cpu`.

    What is fused is computed operator by operator, so that no LLVM is needed. Raises TypeError for what is
    neither true nor false.
    """
    SETTINGS.fuses_on_cpu = _flag(enabled, "_jit_override_can_fuse_on_cpu", "None")


def can_fuse_on_cpu() -> bool:
    """Whether operators are fused on the CPU: `torch._C._jit_can_fuse_on_cpu`."""
    return SETTINGS.fuses_on_cpu


def compile_groups(folder: str | os.PathLike[str] | None) -> None:
    """Have groups that are fused compiled by torch's Inductor, which needs a C++ compiler; None: no longer.

    Whole graphs run in the form that is quickest: as they are, with packed weights, or compiled.
    A group is compiled in a process beside this one while it runs operator by operator, and then tried: it
    runs compiled where that is quicker and gives the same. `folder` keeps compiled code, which is executed:
    nobody else may write there. Functions that were optimized already stay as they are. On the CPU, groups
    are formed only where `fuser` or `override_can_fuse_on_cpu` let them.
    """
    before = SETTINGS.compiling
    if before is not None:
        before.compiler.close()
    SETTINGS.compiling = None if folder is None else GroupCompiling(GroupCompiler(folder))


def compiled_groups() -> tuple[GroupRecord, ...]:
    """What became of each group: which were compiled, their times, and why others are not."""
    return () if SETTINGS.compiling is None else SETTINGS.compiling.records()


def wait_for_compiled_groups(seconds: float = 600.0) -> bool:
    """Wait until all that was asked for so far is compiled or refused; says whether it is."""
    return SETTINGS.compiling is None or SETTINGS.compiling.compiler.wait(seconds)


@contextmanager
def fuser(name: str) -> Generator[None]:
    """Context in which one of torch's fusers may work: `fuser0` to `fuser3`, or `none`.

    Raises Exception, as torch does, for any other name.
    """
    before = (
        SETTINGS.fuses_on_cpu, SETTINGS.fuses_on_gpu, SETTINGS.tensor_expression_fuser,
        SETTINGS.onednn_fuser, SETTINGS.optimizes,
    )  # fmt: skip
    match name:
        case "fuser0":
            chosen = (True, True, False, False, SETTINGS.optimizes)
        case "fuser1":
            chosen = (True, True, True, False, True)
        case "fuser2" | "none":
            chosen = (False, False, False, False, SETTINGS.optimizes)
        case "fuser3":
            chosen = (True, False, True, True, True)
        case _:
            raise Exception(f"unrecognized fuser option (name: {name})")  # torch's class
    _use(chosen)
    try:
        yield
    finally:
        _use(before)


def _use(chosen: tuple[bool, bool, bool, bool, bool]) -> None:
    (
        SETTINGS.fuses_on_cpu, SETTINGS.fuses_on_gpu, SETTINGS.tensor_expression_fuser,
        SETTINGS.onednn_fuser, SETTINGS.optimizes,
    ) = chosen  # fmt: skip


def enable_onednn_fusion(enabled: bool) -> None:
    """Let oneDNN fuse operators, or not. Raises TypeError for what is neither true nor false."""
    SETTINGS.onednn_fuser = _flag(enabled, "_jit_set_llga_enabled", "bool")


def onednn_fusion_enabled() -> bool:
    """Whether oneDNN may fuse operators."""
    return SETTINGS.onednn_fuser


def _flag(value: Any, function: str, gives: str) -> bool:
    """A flag as pybind11 reads it: everything that says whether it is true, as numbers and None do."""
    if value is None or hasattr(type(value), "__bool__"):
        return bool(value)
    raise TypeError(_FLAG_SIGNATURE.format(function, gives, value))
