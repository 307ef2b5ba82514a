"""Where a program writes to a tensor past the tensor's own operators, which no graph records."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from types import FrameType
from typing import TYPE_CHECKING, Any, Final, cast

import torch

from jitcore.diagnose.divergence.containers import tensors_in
from jitcore.diagnose.divergence.sides import Sides, quiet
from jitcore.diagnose.divergence.subject import copied
from jitcore.diagnose.divergence.time_limits import RanTooLongError, within
from jitcore.diagnose.divergence.trial import Trial
from jitcore.tracing.black_box.own_files import is_own_file

if TYPE_CHECKING:
    from collections.abc import Iterable

_SECONDS: Final = 20.0
_LARGEST: Final = 1 << 14
"""Elements of tensors that are watched; of larger ones only so many from the first on."""
_MOST_WATCHED: Final = 64


def first_lost_write(sides: Sides, trial: Trial) -> tuple[str, int] | None:
    """File and line of the first statement that changes a tensor which does not know of it.

    Operators in place count a tensor's version up; writes through numpy, `.data`, storages and shared memory
    change its values without. Inputs, parameters and buffers are watched, and tensors in the variables of a
    person's functions.
    """
    watch = _Watch()
    with sides.started(trial, sides.subject.module), quiet():
        module = sides.subject.module
        if module is not None:
            watch.add((*module.parameters(), *module.buffers()))
        before = sys.gettrace()
        for arguments in trial.calls:
            given = copied(arguments)
            watch.add(tensors_in(given))
            sys.settrace(watch.called)
            try:
                # Whatever a person's own code raises ends what can be seen.
                with contextlib.suppress(Exception, RanTooLongError):
                    within(_SECONDS, lambda given=given: sides.subject.target(*given))
            finally:
                sys.settrace(before)
            if watch.found is not None:
                return watch.found
    return None


class _Watch:
    """Attribute `found`: the place of the first write that a tensor does not know of."""

    def __init__(self) -> None:
        self.found: tuple[str, int] | None = None
        self._known: dict[int, _Watched] = {}
        self._running: tuple[str, int] | None = None

    def add(self, tensors: Iterable[torch.Tensor]) -> None:
        for each in tensors:
            if len(self._known) < _MOST_WATCHED and id(each) not in self._known and _is_plain(each):
                self._known[id(each)] = _Watched(each)

    def called(self, frame: FrameType, event: str, argument: object) -> Any:
        if self.found is not None or not is_own_file(frame.f_code.co_filename):
            return None
        self._look()
        return self._stepped

    def _stepped(self, frame: FrameType, event: str, argument: object) -> Any:
        if self.found is not None:
            return None
        if event in ("line", "return"):
            self._look()
            self.add(_tensors_of(frame))
            self._running = (frame.f_code.co_filename, frame.f_lineno)
        return self._stepped

    def _look(self) -> None:
        # All of them are looked at, so that each knows what it is now.
        lost = [each for each in self._known.values() if each.has_lost_write()]
        if self._running is not None and lost:
            self.found = self._running


class _Watched:
    """A tensor, with what it was when it was last looked at."""

    def __init__(self, tensor: torch.Tensor) -> None:
        self._tensor = tensor
        self._version, self._memory, self._values = self._now()

    def _now(self) -> tuple[int, int, torch.Tensor]:
        tensor = self._tensor
        with torch.no_grad():
            part = tensor.detach()
            if tensor.numel() > _LARGEST:
                part = part.flatten()[:_LARGEST] if tensor.is_contiguous() else part[:1]
            return tensor._version, tensor.data_ptr(), part.clone()

    def has_lost_write(self) -> bool:
        """Whether values changed and the version did not, since the last look."""
        version, memory, values = self._version, self._memory, self._values
        self._version, self._memory, self._values = self._now()
        if version != self._version:
            return False
        same = values.shape == self._values.shape and _same_bytes(values, self._values)
        return not same or memory != self._memory


def _same_bytes(one: torch.Tensor, other: torch.Tensor) -> bool:
    # What is not a number is equal to itself here.
    return torch.equal(torch.nan_to_num(one), torch.nan_to_num(other))


def _is_plain(tensor: torch.Tensor) -> bool:
    return (
        type(tensor) in (torch.Tensor, torch.nn.Parameter)
        and tensor.layout is torch.strided
        and not tensor.is_quantized
        and not tensor.is_inference()
        and tensor.device.type != "meta"
    )


def _tensors_of(frame: FrameType) -> Iterator[torch.Tensor]:
    for value in frame.f_locals.values():
        if isinstance(value, torch.Tensor):
            yield value
        elif isinstance(value, list | tuple):
            items = cast("list[Any]", value)
            yield from (each for each in items[:_MOST_WATCHED] if isinstance(each, torch.Tensor))
