"""What a run gave, and how the results of two runs of one program differ."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

import numpy as np
import torch

from jitcore.exec.errors import OutsideContractError

_RELATIVE: Final[dict[torch.dtype, float]] = {
    torch.float16: 5e-3,
    torch.bfloat16: 3e-2,
    torch.float32: 1e-4,
    torch.complex64: 1e-4,
    torch.float64: 1e-7,
    torch.complex128: 1e-7,
}
_WORDS: Final = 2_000
_ABSOLUTE: Final = 0.1
"""Of the relative tolerance, times the largest finite number that was expected, and no less than times
one."""


@dataclass(frozen=True)
class Outcome:
    """What one call gave.

    Attributes:
        value: the result; None with an error.
        arguments: what was given, as it was after the call: a program may write to it.
        error: what it raised instead.
    """

    value: Any = None
    arguments: tuple[Any, ...] = ()
    error: BaseException | None = None

    @property
    def failed(self) -> bool:
        """Whether the call raised."""
        return self.error is not None


@dataclass(frozen=True)
class Difference:
    """Where two results differ first, and how.

    Attributes:
        where: the path within the result, as ``result[0]['boxes']``.
        how: one sentence.
        what: ``error``, ``structure``, ``shape``, ``dtype`` or ``values``.
        words: all that an error says, its traceback too; empty where none was raised.
        size: how far apart values are, relative to what was expected; infinite where they cannot be compared.
    """

    where: str
    how: str
    what: str
    size: float = field(default=math.inf)
    words: str = ""


def kept(value: Any) -> Any:
    """A copy of a result that no later write reaches. Objects that cannot be looked into are kept as they
    are."""
    if isinstance(value, torch.Tensor):
        with torch.no_grad():
            return value.detach().clone()
    if isinstance(value, np.ndarray):
        return cast("Any", value).copy()
    if isinstance(value, Mapping):
        return {key: kept(each) for key, each in cast("Mapping[Any, Any]", value).items()}
    if isinstance(value, tuple | list):
        return [kept(each) for each in cast("Sequence[Any]", value)]
    if isinstance(value, set | frozenset):
        return frozenset(cast("set[Any]", value))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {each.name: kept(getattr(value, each.name)) for each in dataclasses.fields(value)}
    return value


def difference_of(expected: Outcome, found: Outcome) -> Difference | None:
    """How `found` differs from `expected`; None where they agree within the tolerance of their types.

    Both raising counts as agreement: words and classes of errors are not what a program is run for. So does
    what the interpreter does not call, since eager torch reads there beyond its memory.
    """
    if expected.failed or found.failed:
        if (expected.failed and found.failed) or _is_outside_contract(found.error):
            return None
        error = expected.error or found.error
        words = " ".join(str(error).split()) or type(error).__name__
        said = _reason(str(error), type(error).__name__) or words
        first = said if len(said) <= _WORDS else said[:_WORDS] + "…"
        side = "raises" if found.failed else "raises nothing, where the other side raises"
        return Difference("result", f"{side} {type(error).__name__}: {first}", "error", words=words)
    differing = compare(expected.value, found.value, "result")
    if differing is None:
        differing = compare(expected.arguments, found.arguments, "argument")
    return differing


def _reason(words: str, kind: str) -> str:
    """What an error says without the traceback of TorchScript, whose last line tells it."""
    said = words.strip()
    if "Traceback of TorchScript" in said:
        said = said.splitlines()[-1].strip().removeprefix(f"{kind}: ")
    return " ".join(said.split())


def _is_outside_contract(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, OutsideContractError):
            return True
        error = error.__cause__
    return False


def compare(expected: Any, found: Any, where: str) -> Difference | None:
    """The first place where two kept values differ. Kinds of sequences are not told apart."""
    if isinstance(expected, torch.Tensor) or isinstance(found, torch.Tensor):
        return _compare_tensors(expected, found, where)
    if isinstance(expected, np.ndarray) and isinstance(found, np.ndarray):
        return _compare_tensors(torch.from_numpy(expected), torch.from_numpy(found), where)
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        return _compare_mappings(cast("Mapping[Any, Any]", expected), cast("Mapping[Any, Any]", found), where)
    if isinstance(expected, list | tuple) and isinstance(found, list | tuple):
        one, other = cast("Sequence[Any]", expected), cast("Sequence[Any]", found)
        if len(one) != len(other):
            return Difference(where, f"{where} has {len(other)} parts instead of {len(one)}", "structure")
        for place, (each, that) in enumerate(zip(one, other, strict=True)):
            differing = compare(each, that, f"{where}[{place}]")
            if differing is not None:
                return differing
        return None
    if _is_number(expected) and _is_number(found):
        if type(expected) is type(found) and (expected == found or (expected != expected and found != found)):
            return None
        if isinstance(expected, float) and isinstance(found, float) and math.isclose(expected, found):
            return None
        return Difference(where, f"{where} is {_short(found)} instead of {_short(expected)}", "values")
    if type(expected) is not type(found) and not (expected is None and found is None):
        if (expected is None) != (found is None) or isinstance(expected, str | int | float | bool):
            how = f"{where} is {_short(found)} instead of {_short(expected)}"
            return Difference(where, how, "structure")
        return None
    if isinstance(expected, str | bytes | frozenset) and expected != found:
        return Difference(where, f"{where} is {_short(found)} instead of {_short(expected)}", "values")
    # Objects of classes that nobody knows how to look into are taken to be equal.
    return None


def _compare_mappings(one: Mapping[Any, Any], other: Mapping[Any, Any], where: str) -> Difference | None:
    if list(one) != list(other):
        how = f"{where} has the keys {_short(list(other))} instead of {_short(list(one))}"
        return Difference(where, how, "structure")
    for key in one:
        differing = compare(one[key], other[key], f"{where}[{key!r}]")
        if differing is not None:
            return differing
    return None


def _compare_tensors(expected: Any, found: Any, where: str) -> Difference | None:
    if not isinstance(expected, torch.Tensor) or not isinstance(found, torch.Tensor):
        if _is_number(expected) or _is_number(found):
            # A trace gives tensors where Python gives numbers.
            return _compare_numbers(expected, found, where)
        return Difference(where, f"{where} is {_short(found)} instead of {_short(expected)}", "structure")
    if expected.shape != found.shape:
        how = f"{where} has the shape {list(found.shape)} instead of {list(expected.shape)}"
        return Difference(where, how, "shape")
    if expected.dtype != found.dtype or expected.device != found.device:
        one, other = (f"{each.dtype} on {each.device}" for each in (expected, found))
        return Difference(where, f"{where} is {other} instead of {one}", "dtype")
    return _compare_values(_plain(expected), _plain(found), where)


def _compare_numbers(expected: Any, found: Any, where: str) -> Difference | None:
    one, other = (
        each if isinstance(each, torch.Tensor) else torch.tensor(each) if _is_number(each) else None
        for each in (expected, found)
    )
    if one is None or other is None or one.shape != other.shape:
        return Difference(where, f"{where} is {_short(found)} instead of {_short(expected)}", "structure")
    return _compare_values(one.double(), other.double(), where)


def _plain(tensor: torch.Tensor) -> torch.Tensor:
    if tensor.is_quantized:
        return tensor.dequantize()
    if tensor.layout is not torch.strided:
        return tensor.to_dense()
    return tensor


def _compare_values(expected: torch.Tensor, found: torch.Tensor, where: str) -> Difference | None:
    if torch.equal(expected, found) or not expected.numel():
        return None
    kind = expected.dtype
    if not (kind.is_floating_point or kind.is_complex):
        differing = expected != found
        return Difference(where, _counted(expected, found, differing, where), "values")
    relative = _RELATIVE.get(kind, 0.1)
    wide = torch.complex128 if kind.is_complex else torch.float64
    one, other = expected.to(wide), found.to(wide)
    finite = one.abs()[torch.isfinite(one)]
    largest = max(1.0, float(finite.max())) if finite.numel() else 1.0
    near = torch.isclose(other, one, relative, relative * _ABSOLUTE * largest, equal_nan=True)
    if bool(near.all()):
        return None
    distance = (other - one).abs()
    distance = distance[torch.isfinite(distance)]
    size = float(distance.max()) / largest if distance.numel() else math.inf
    if bool((torch.isfinite(one) != torch.isfinite(other)).any()):
        size = math.inf
    return Difference(where, _counted(one, other, ~near, where), "values", size)


def _counted(expected: torch.Tensor, found: torch.Tensor, differing: torch.Tensor, where: str) -> str:
    place = int(differing.flatten().nonzero()[0])
    one, other = expected.flatten()[place].item(), found.flatten()[place].item()
    count = int(differing.sum())
    index = ", ".join(map(str, _index(place, expected.shape)))
    shown = f"{where}[{index}]" if index else where
    what = f"{shown} is {_number(other)} instead of {_number(one)}"
    return f"{count:,} of {expected.numel():,} elements differ: {what}"


def _index(place: int, shape: torch.Size) -> list[int]:
    found: list[int] = []
    for size in reversed(shape):
        place, rest = divmod(place, size)
        found.append(rest)
    return found[::-1]


def _number(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, bool | int | float | complex)


def _short(value: object) -> str:
    if isinstance(value, torch.Tensor):
        return f"a tensor of shape {list(value.shape)}"
    text = repr(value)
    return text if len(text) <= 100 else text[:100] + "…"
