"""One group that runs uncompiled until compiled code is there, was tried, and is quicker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from jitcore.exec.compiled.records import GroupRecord, VersionRecord, inputs_text
from jitcore.exec.compiled.tensor_program import described_input
from jitcore.exec.compiled.trying import (
    difference,
    is_computable,
    records_nothing,
    tensors_of,
    times_of,
)
from jitcore.exec.plan_places import FAILURES

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.exec.compiled.group_compiler import Compilation, GroupCompiler
    from jitcore.exec.compiled.tensor_program import TensorProgram

MOST_VERSIONS = 4
"""Sets of sizes that one group is compiled for."""


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
        self._constants_fit = all(is_computable(constant) for constant in program.constants)
        self._is_single = len(program.results) == 1
        self._versions: dict[tuple[Any, ...], _Version] = {}

    def __call__(self, *values: Any) -> Any:
        """The results of the program, as `uncompiled` gives them."""
        key = key_of(values) if self._constants_fit and records_nothing() else None
        if key is None:
            return self._uncompiled(*values)
        version = self._versions.get(key)
        if version is None:
            if len(self._versions) >= MOST_VERSIONS:
                return self._uncompiled(*values)
            version = self._versions[key] = _Version()
        if version.call is None:
            return self._not_yet(version, values)
        version.runs += 1
        results = version.call(*tensors_of(values), *self._constants)
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
        tensors = (*tensors_of(values), *self._constants)
        try:
            version.reason = difference(expected, compiled(*tensors), compiled(*tensors), tensors)
        except FAILURES as error:
            version.reason = f"compiled code failed: {error}"
        if version.reason:
            version.state = "refused"
            return given
        best = times_of((lambda: self._uncompiled(*values), lambda: compiled(*tensors)), tensors)
        version.uncompiled, version.compiled = (seconds * 1e6 for seconds in best)
        if self._compiler.prefers(best[1], best[0]):
            version.state, version.call = "compiled", compiled
        else:
            version.state, version.reason = (
                "slower",
                "it was slower than operator by operator when it was tried",
            )
        return given


def key_of(values: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """What compiled code is chosen by; None where none may compute these."""
    key: list[Any] = []
    records = torch.is_grad_enabled()
    for value in values:
        if isinstance(value, torch.Tensor):
            if not is_computable(value) or (records and value.requires_grad):
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


def _record(key: tuple[Any, ...], version: _Version) -> VersionRecord:
    compilation = version.compilation
    return VersionRecord(
        inputs_text(key),
        version.state,
        version.reason,
        0.0 if compilation is None else compilation.seconds,
        compilation is not None and compilation.was_kept,
        version.compiled,
        version.uncompiled,
        version.runs,
    )
