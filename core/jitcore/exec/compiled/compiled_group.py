"""One group that runs uncompiled until compiled code is there, was tried, and is quicker."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import torch
from torch.autograd import forward_ad

from jitcore.exec.compiled.tensor_program import described_input
from jitcore.exec.plan_places import FAILURES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jitcore.exec.compiled.group_compiler import Compilation, GroupCompiler
    from jitcore.exec.compiled.tensor_program import TensorProgram

_MOST_VERSIONS: Final = 4
"""Sets of sizes that one group is compiled for."""

_ROUNDS: Final = 3

_TOLERANCE: Final = {
    torch.float64: 1e-9, torch.float32: 1e-4, torch.float16: 1e-2, torch.bfloat16: 5e-2, torch.bool: 0.0,
}  # fmt: skip
"""By how much compiled code may differ, as a part of the largest element, where it is tried."""

_plain = (torch.Tensor, torch.nn.Parameter)


class VersionRecord(NamedTuple):
    """What became of a group for inputs of one description.

    `state` is waiting, compiled, slower or refused, and `reason` says why it runs uncompiled. `seconds` went
    into compiling, unless it `was_kept` from before. `compiled` and `uncompiled` are microseconds of one
    call, the best of some that were measured beside each other; 0 before that. `runs` went by compiled code.
    """

    inputs: str
    state: str
    reason: str
    seconds: float
    was_kept: bool
    compiled: float
    uncompiled: float
    runs: int


class GroupRecord(NamedTuple):
    """What a window shows of one group: its name, what compiles it, why nothing does, and its versions."""

    name: str
    engine: str
    refused: str
    versions: tuple[VersionRecord, ...]


class _Version:
    """The code for inputs of one description."""

    __slots__ = ("call", "compilation", "compiled", "reason", "runs", "seen", "state", "uncompiled")

    def __init__(self) -> None:
        self.seen = 0
        self.compilation: Compilation | None = None
        self.call: Callable[..., list[Any]] | None = None
        self.state = "waiting"
        self.reason = ""
        self.compiled = 0.0
        self.uncompiled = 0.0
        self.runs = 0


class CompiledGroup:
    """Runs a program: `uncompiled` takes one argument for each input, as this does, and gives the same.

    Compiled code is for tensors of the very sizes, strides, dtypes and devices that it was asked for, which
    is checked in each call, and for calls in which nothing is recorded. The first call that finds it ready
    computes both ways: what differs in more than rounding, shares memory, or is slower, is never used.
    """

    def __init__(
        self, name: str, program: TensorProgram, uncompiled: Callable[..., Any], compiler: GroupCompiler
    ) -> None:
        self._name = name
        self._program = program
        self._uncompiled = uncompiled
        self._compiler = compiler
        self._constants = tuple(constant.detach() for constant in program.constants)
        self._constants_fit = all(_is_computable(constant) for constant in program.constants)
        self._is_single = len(program.results) == 1
        self._versions: dict[tuple[Any, ...], _Version] = {}

    def __call__(self, *values: Any) -> Any:
        """The results of the program, as `uncompiled` gives them."""
        key = _key_of(values) if self._constants_fit and _records_nothing() else None
        if key is None:
            return self._uncompiled(*values)
        version = self._versions.get(key)
        if version is None:
            if len(self._versions) >= _MOST_VERSIONS:
                return self._uncompiled(*values)
            version = self._versions[key] = _Version()
        if version.call is None:
            return self._not_yet(version, values)
        version.runs += 1
        results = version.call(*_tensors_of(values), *self._constants)
        return results[0] if self._is_single else tuple(results)

    def record(self) -> GroupRecord:
        """What became of the group so far."""
        refused = "" if self._constants_fit else "it holds a tensor that compiled code does not compute with"
        versions = [_record(key, version) for key, version in self._versions.items()]
        return GroupRecord(self._name, "inductor", refused, tuple(versions))

    def _not_yet(self, version: _Version, values: tuple[Any, ...]) -> Any:
        version.seen += 1
        if version.state == "waiting" and version.seen > 1:
            if version.compilation is None:
                inputs = [described_input(value) for value in (*values, *self._constants)]
                version.compilation = self._compiler.ask(self._program, inputs)
            elif version.compilation.done.is_set():
                return self._try(version, version.compilation, values)
        return self._uncompiled(*values)

    def _try(self, version: _Version, compilation: Compilation, values: tuple[Any, ...]) -> Any:
        """Compute both ways, and decide; gives what is computed as ever."""
        given = self._uncompiled(*values)
        compiled = compilation.call
        if compiled is None:
            version.state, version.reason = "refused", compilation.refused
            return given
        expected = (given,) if self._is_single else tuple(given)
        tensors = (*_tensors_of(values), *self._constants)
        try:
            version.reason = _difference(expected, compiled(*tensors), compiled(*tensors), tensors)
        except FAILURES as error:
            version.reason = f"compiled code failed: {error}"
        if version.reason:
            version.state = "refused"
            return given
        best = [float("inf")] * 2
        for _ in range(_ROUNDS):
            for place, call in enumerate((lambda: self._uncompiled(*values), lambda: compiled(*tensors))):
                begun = _now(tensors)
                call()
                best[place] = min(best[place], _now(tensors) - begun)
        version.uncompiled, version.compiled = (seconds * 1e6 for seconds in best)
        if self._compiler.prefers(best[1], best[0]):
            version.state, version.call = "compiled", compiled
        else:
            version.state, version.reason = (
                "slower",
                "it was slower than operator by operator when it was tried",
            )
        return given


def _now(tensors: Sequence[torch.Tensor]) -> float:
    if any(tensor.is_cuda for tensor in tensors):
        torch.cuda.synchronize()
    return time.perf_counter()


def _tensors_of(values: Sequence[Any]) -> list[torch.Tensor]:
    return [value for value in values if isinstance(value, torch.Tensor)]


def _records_nothing() -> bool:
    """Whether a call gives values and nothing else: no transform, mode, trace or tangent is on."""
    inside: Any = torch._C  # pyright: ignore[reportPrivateUsage]
    level: int = forward_ad._current_level  # pyright: ignore[reportPrivateUsage]
    return (
        level < 0
        and inside._functorch.peek_interpreter_stack() is None
        and not inside._len_torch_dispatch_stack()
        and not inside._is_tracing()
    )


def _key_of(values: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """What compiled code is chosen by; None where none may compute these."""
    key: list[Any] = []
    records = torch.is_grad_enabled()
    for value in values:
        if isinstance(value, torch.Tensor):
            if not _is_computable(value) or (records and value.requires_grad):
                return None
            key += (value.dtype, value.device, value.shape, value.stride())
        elif type(value) in (int, float, bool):
            # True, 1 and 1.0 are equal, and so are zeros of either sign.
            key += (type(value), repr(value))
        elif value is None:
            key.append(None)
        else:
            return None
    return tuple(key)


def _is_computable(tensor: torch.Tensor) -> bool:
    return (
        type(tensor) in _plain
        and tensor.dtype in _TOLERANCE
        and tensor.layout is torch.strided
        and tensor.device.type in ("cpu", "cuda")
        and not tensor.is_neg()
        and tensor.numel() > 0
    )


def _difference(
    expected: Sequence[Any], found: Sequence[Any], again: Sequence[Any], given: Sequence[torch.Tensor]
) -> str:
    """Why results of compiled code cannot stand for those that are expected, in words."""
    if len(found) != len(expected):
        return f"compiled code gives {len(found)} results, not {len(expected)}"
    memory = [tensor.untyped_storage().data_ptr() for tensor in given]
    for place, (wanted, result) in enumerate(zip(expected, found, strict=True)):
        if not isinstance(wanted, torch.Tensor) or not _is_computable(wanted):
            return f"result {place} is not what compiled code computes with"
        if result.dtype is not wanted.dtype or result.shape != wanted.shape or result.device != wanted.device:
            return f"compiled code gives another dtype, device or other sizes in result {place}"
        if result.stride() != wanted.stride():
            return f"result {place} of compiled code lies otherwise in memory"
        if not _is_close(wanted, result):
            return f"result {place} of compiled code differs in more than rounding"
        if wanted.untyped_storage().data_ptr() in memory:
            return f"result {place} shares memory with another tensor"
    for result in (*found, *again):
        place = result.untyped_storage().data_ptr()
        if place in memory:
            return "results of compiled code share memory"
        memory.append(place)
    places = [wanted.untyped_storage().data_ptr() for wanted in expected]
    return "" if len(set(places)) == len(places) else "results share memory"


def _is_close(wanted: torch.Tensor, found: torch.Tensor) -> bool:
    if wanted.dtype is torch.bool:
        return torch.equal(wanted, found)
    finite = wanted[wanted.isfinite()].abs()
    largest = finite.max().item() if finite.numel() else 0.0
    part = _TOLERANCE[wanted.dtype]
    return torch.allclose(found, wanted, rtol=part, atol=part * largest, equal_nan=True)


def _record(key: tuple[Any, ...], version: _Version) -> VersionRecord:
    compilation = version.compilation
    parts = [str(part).removeprefix("torch.") for part in key if not isinstance(part, type)]
    return VersionRecord(
        " ".join(parts),
        version.state,
        version.reason,
        0.0 if compilation is None else compilation.seconds,
        compilation is not None and compilation.was_kept,
        version.compiled,
        version.uncompiled,
        version.runs,
    )


def refused_group(name: str, reason: str) -> GroupRecord:
    """The record of a group that nothing compiles."""
    return GroupRecord(name, "", reason, ())
