"""The same thing done to what torch.jit made and to what jitcore made, with the same outcome."""

import re
from collections.abc import Callable
from typing import Any

import torch

from tests.differential.script_modules.comparison import renumbered

_ADDRESS = re.compile(r" \(of Python compilation unit at: 0x[0-9a-f]+\)|0x[0-9a-f]+")


def outcome(action: Callable[[], Any]) -> tuple[str, Any]:
    """What an action gives, or the kind of error and its message."""
    try:
        return "gives", shown(action())
    except Exception as error:
        return type(error).__name__, _ADDRESS.sub("", renumbered(str(error)))


def shown(value: Any) -> Any:
    """A value in a form that can be compared, whoever made it."""
    if isinstance(value, torch.Tensor):
        return "tensor", str(value.dtype), tuple(value.shape), value.requires_grad, value.detach().tolist()
    if isinstance(value, tuple | list):
        fields = getattr(value, "_fields", None)
        return (
            type(value).__bases__[0].__name__ if fields else type(value).__name__,
            fields,
            [shown(item) for item in value],
        )
    if isinstance(value, dict):
        return {repr(key): shown(item) for key, item in value.items()}
    if isinstance(value, torch.nn.Module):
        return str(value)
    if type(value).__module__.startswith("tests."):
        return type(value).__name__, vars(value) if hasattr(value, "__dict__") else value
    return type(value).__name__, _ADDRESS.sub("", renumbered(repr(value)))


def same(action: Callable[[Any], Any], theirs: Any, ours: Any) -> None:
    """Fail unless the action has the same outcome for both."""
    expected = outcome(lambda: action(theirs))
    found = outcome(lambda: action(ours))
    assert found == expected, f"{found!r} where torch has {expected!r}"
