"""Whether code that was compiled may stand for what computes the same operator by operator."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final, cast

import torch
from torch.autograd import forward_ad

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_ROUNDS: Final = 2
_SECONDS: Final = 0.05
_MOST_CALLS: Final = 40
"""How long, and how often, each is called in a round."""

TOLERANCE: Final = {
    torch.float64: 1e-9, torch.float32: 1e-4, torch.float16: 1e-2, torch.bfloat16: 5e-2, torch.bool: 0.0,
}  # fmt: skip
"""By how much compiled code may differ, as a part of the largest element, where it is tried."""

_plain = (torch.Tensor, torch.nn.Parameter)


def tensors_of(values: Sequence[Any]) -> list[torch.Tensor]:
    """The tensors among some values."""
    return [value for value in values if isinstance(value, torch.Tensor)]


def leaves_of(value: Any) -> list[Any]:
    """What lists and tuples within one another hold, in order."""
    if isinstance(value, list | tuple):
        return [leaf for part in cast("Sequence[Any]", value) for leaf in leaves_of(part)]
    return [value]


def records_nothing() -> bool:
    """Whether a call gives values and nothing else: no transform, mode, trace or tangent is on."""
    inside: Any = torch._C  # pyright: ignore[reportPrivateUsage]
    level: int = forward_ad._current_level  # pyright: ignore[reportPrivateUsage]
    return (
        level < 0
        and inside._functorch.peek_interpreter_stack() is None
        and not inside._len_torch_dispatch_stack()
        and not inside._is_tracing()
    )


def is_computable(tensor: torch.Tensor) -> bool:
    """Whether compiled code computes with such tensors."""
    return (
        type(tensor) in _plain
        and tensor.dtype in TOLERANCE
        and tensor.layout is torch.strided
        and tensor.device.type in ("cpu", "cuda")
        and not tensor.is_neg()
        and tensor.numel() > 0
    )


def times_of(calls: Sequence[Callable[[], object]], given: Sequence[torch.Tensor]) -> list[float]:
    """Seconds of each call: the best of some that follow each other, as those do that are made later."""
    best = [float("inf")] * len(calls)
    for _ in range(_ROUNDS):
        for place, call in enumerate(calls):
            until = _now(given) + _SECONDS
            for _ in range(_MOST_CALLS):
                begun = _now(given)
                call()
                ended = _now(given)
                best[place] = min(best[place], ended - begun)
                if ended > until:
                    break
    return best


def _now(tensors: Sequence[torch.Tensor]) -> float:
    if any(tensor.is_cuda for tensor in tensors):
        torch.cuda.synchronize()
    return time.perf_counter()


def difference(
    expected: Sequence[Any], found: Sequence[Any], again: Sequence[Any], given: Sequence[torch.Tensor]
) -> str:
    """Why results of compiled code, of two calls, cannot stand for those that are expected, in words."""
    if len(found) != len(expected):
        return f"compiled code gives {len(found)} results, not {len(expected)}"
    memory = [tensor.untyped_storage().data_ptr() for tensor in given]
    for place, (wanted, result) in enumerate(zip(expected, found, strict=True)):
        said = _unlike(place, wanted, result, memory)
        if said:
            return said
    for result in tensors_of([*found, *again]):
        place = result.untyped_storage().data_ptr()
        if place in memory:
            return "results of compiled code share memory"
        memory.append(place)
    places = [wanted.untyped_storage().data_ptr() for wanted in tensors_of(expected)]
    return "" if len(set(places)) == len(places) else "results share memory"


def _unlike(place: int, wanted: Any, result: Any, memory: list[int]) -> str:
    """How one result is not the one that is expected."""
    if wanted is None or type(wanted) in (int, float, bool, str):
        is_same = type(result) is type(wanted) and result == wanted
        return "" if is_same else f"result {place} of compiled code is another one"
    if not isinstance(wanted, torch.Tensor) or not is_computable(wanted):
        return f"result {place} is not what compiled code computes with"
    if result.dtype is not wanted.dtype or result.shape != wanted.shape or result.device != wanted.device:
        return f"compiled code gives another dtype, device or other sizes in result {place}"
    if result.stride() != wanted.stride():
        return f"result {place} of compiled code lies otherwise in memory"
    if not _is_close(wanted, result):
        return f"result {place} of compiled code differs in more than rounding"
    if wanted.untyped_storage().data_ptr() in memory:
        return f"result {place} shares memory with another tensor"
    return ""


def _is_close(wanted: torch.Tensor, found: torch.Tensor) -> bool:
    if wanted.dtype is torch.bool:
        return torch.equal(wanted, found)
    finite = wanted[wanted.isfinite()].abs()
    largest = finite.max().item() if finite.numel() else 0.0
    part = TOLERANCE[wanted.dtype]
    return torch.allclose(found, wanted, rtol=part, atol=part * largest, equal_nan=True)
