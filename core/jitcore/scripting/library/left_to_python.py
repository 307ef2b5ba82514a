"""What of a module is not compiled and stays as it is in Python."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from jitcore.scripting import markers

if TYPE_CHECKING:
    from torch.nn import Module


def left_to_python(compiled: Module, python: Module) -> dict[str, Any]:
    """Methods of `python` that are marked to be ignored, bound to `compiled`, and attributes that are."""
    kind = type(python)
    found: dict[str, Any] = {}
    ignored: Iterable[str] = getattr(kind, "__jit_ignored_attributes__", ())
    for name in ignored:
        if not isinstance(inspect.getattr_static(kind, name, None), property) and hasattr(python, name):
            found[name] = getattr(python, name)
    for name in dir(kind):
        function = inspect.getattr_static(kind, name, None)
        if inspect.isfunction(function) and markers.is_ignored(function):
            found[name] = function.__get__(compiled)
    return found
