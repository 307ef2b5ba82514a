"""What torch itself compiled, called from a program that is traced: taken over, and recorded as a call."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import torch

from jitcore.scripting.library.calls import call
from jitcore.scripting.library.shared import shared_machine
from jitcore.scripting.shared import shared_compiler
from jitcore.tracing import active

_FUNCTION: Any = torch._C.ScriptFunction  # type: ignore[attr-defined]
_METHOD: Any = torch._C.ScriptMethod  # type: ignore[attr-defined]
_CALL_FUNCTION = _FUNCTION.__call__
_CALL_METHOD = _METHOD.__call__


@contextmanager
def torch_calls_recorded() -> Generator[None]:
    """Context in which calls of what torch compiled become part of the trace."""
    with patch.object(_FUNCTION, "__call__", _call_function), patch.object(_METHOD, "__call__", _call_method):
        yield


def _call_function(function: Any, *args: Any, **kwargs: Any) -> Any:
    if active.state() is None:
        return _CALL_FUNCTION(function, *args, **kwargs)
    return call(shared_machine(), shared_compiler().recompiled(function), None, args, kwargs)


def _call_method(method: Any, *args: Any, **kwargs: Any) -> Any:
    state = active.state()
    if state is None:
        return _CALL_METHOD(method, *args, **kwargs)
    owner = state.torch_modules.get(method.owner)
    if owner is None:
        raise RuntimeError(
            f"Tried to trace <{method.owner._type().qualified_name()} object at {id(method.owner):#x}> but "
            "it is not part of the active trace. Modules that are called during a trace must be registered "
            "as submodules of the thing being traced."
        )
    return call(shared_machine(), owner.method(method.name), owner, args, kwargs)
