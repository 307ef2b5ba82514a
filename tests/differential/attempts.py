"""One run of a program on either side: its value or what it raised, and how two runs differ."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch

from jitcore.exec import ExecutionError
from tests.differential.agreement import first_difference


@dataclass(frozen=True)
class Raised:
    """A run that ended in an exception: what class of exception the program raised, and what it says."""

    reason: str
    error: Exception


SAID_OF_ITSELF = {("expected int", "expected a real number but found a complex one")}
"""Where torch fails with an internal assertion instead of telling what is wrong: its words, and ours."""


def attempt(run: Callable[..., Any], method: str, inputs: tuple[Any, ...]) -> Any:
    """Result and tensors given, for a run may write to them; or what was raised."""
    inputs = _fresh(inputs)
    tensors = list(_tensors(inputs))
    torch.manual_seed(0)
    try:
        with torch.no_grad():
            return run(method, inputs), tensors
    except ExecutionError as error:
        return Raised(error.reason.strip(), error)
    except Exception as error:
        return Raised(_reason(error), error)


def _fresh(value: Any) -> Any:
    """A copy, as a program may write to what it is given; strides are kept."""
    if isinstance(value, torch.Tensor):
        return value.detach().clone().requires_grad_(value.requires_grad)
    if isinstance(value, (tuple, list)):
        items = [_fresh(item) for item in value]
        return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
    if isinstance(value, dict):
        return {key: _fresh(item) for key, item in value.items()}
    return value


def _tensors(value: Any) -> Iterator[torch.Tensor]:
    """The tensors in a value. Lists and dicts are copied when TorchScript takes them, tensors are not."""
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from _tensors(item)
    elif isinstance(value, dict):
        yield from _tensors(list(value.values()))


def _reason(error: Exception) -> str:
    """What TorchScript's error says below its traceback."""
    text = str(error)
    lines = text.rstrip().splitlines()
    if text.startswith("The following operation failed") and lines:
        return lines[-1].partition(": ")[2].strip()
    return text.strip()


def shown(result: Any) -> Any:
    """What two runs of one side are compared by."""
    return result.reason if isinstance(result, Raised) else result


def difference(ours: Any, theirs: Any) -> str | None:
    """What differs between two runs, values by bits, exceptions by their first line; None if nothing."""
    if isinstance(theirs, Raised) and isinstance(ours, Raised):
        if isinstance(ours.error, ExecutionError):
            # Messages of kernels may go on with advice and places of C++ code; what went wrong comes first.
            mine, other = (_first(reason) for reason in (ours.reason, theirs.reason))
            internal = other.partition("please report a bug to PyTorch. ")[2]
            if internal and (internal, mine) in SAID_OF_ITSELF:
                return None
            return None if mine == other else f"raises {mine!r}, torch {other!r}"
        crash = f"crashes with {type(ours.error).__name__}: {ours.reason[:200]}"
        return f"{crash}, torch raises {theirs.reason[:120]!r}"
    if isinstance(ours, Raised):
        return f"{type(ours.error).__name__}: {ours.reason[:300]}"
    if isinstance(theirs, Raised):
        return f"gives a result, torch raises {theirs.reason[:200]!r}"
    return first_difference(ours, theirs, "run")


def _first(reason: str) -> str:
    return reason.splitlines()[0].strip() if reason else ""
