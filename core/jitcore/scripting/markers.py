"""The decorators and special functions of the script compiler, and the marks that they leave.

The marks are those that torch's own decorators leave, so that either may be used.
"""

from __future__ import annotations

import builtins
import contextlib
import functools
import typing
from collections.abc import Callable
from typing import Any, TypeVar

from jitcore.slots.torch_names import TORCH

_F = TypeVar("_F", bound=Callable[..., Any])
_MARK = "_torchscript_modifier"


_when_traced: list[Callable[[Any], Any]] = []


def compile_when_traced(compile_function: Callable[[Any], Any]) -> None:
    """Say what compiles functions of `script_if_tracing`: who traces knows a compiler, a mark does not."""
    if compile_function not in _when_traced:
        _when_traced.append(compile_function)


def is_scripting() -> bool:
    """True in compiled code, False in Python."""
    return False


class _IgnoreContextManager(contextlib.AbstractContextManager[None]):  # pyright: ignore[reportUnusedClass]
    """Leave a block to Python: its variables are named as in `a="inp:int"`."""

    def __init__(self, **kwargs: str) -> None:
        pass

    def __exit__(self, *raised: object) -> None:
        """Nothing is to be done."""


def export(fn: _F) -> _F:
    """Have a method of a module compiled though nothing compiled calls it."""
    return _marked(fn, "export (compile this function even if nothing calls it)")


def unused(fn: Any) -> Any:
    """Leave a function or method out of compiled code: a call raises an exception there."""
    words = "unused (ignored and replaced with raising of an exception)"
    if builtins.isinstance(fn, property):
        for accessor in (fn.fget, fn.fset):
            if accessor is not None:
                setattr(accessor, _MARK, words)
        return fn
    return _marked(fn, words)


def ignore(drop: bool | Callable[..., Any] = False, **kwargs: Any) -> Any:
    """Leave a function to Python: compiled code calls it, and cannot be saved.

    With `drop` a call raises an exception in a saved model.
    """
    words = "ignore (leave as a call to Python, cannot be torch.jit.save'd)"
    if callable(drop):
        return _marked(drop, words)
    if kwargs.pop("drop_on_export", None):
        drop = True
    if not builtins.isinstance(drop, bool):
        raise RuntimeError(f"Argument to @torch.jit.ignore must be a bool or a function but got {drop}")
    if drop:
        return unused
    return functools.partial(_marked, words=words)


def _marked(fn: _F, words: str) -> _F:
    setattr(fn, _MARK, words)
    return fn


def modifier_of(fn: Any) -> str:
    """The first word of the mark of a function: `unused`, `ignore`, `export`, `_drop`, `default`, `if`."""
    fn = getattr(fn, "__func__", fn)
    return str(getattr(fn, _MARK, "default")).split(" ", 1)[0]


def held_by_classes(kind: type) -> dict[str, object]:
    """What a class and its bases hold, as it stands there: nothing is bound or computed."""
    held: dict[str, object] = {}
    for base in reversed(kind.__mro__):
        held.update(vars(base))
    return held


def is_ignored(fn: Any) -> bool:
    """Whether a function is not compiled."""
    return callable(fn) and modifier_of(fn) in ("unused", "ignore", "_drop")


def is_dropped(fn: Any) -> bool:
    """Whether a call of a function only raises an exception."""
    return callable(fn) and modifier_of(fn) in ("unused", "_drop")


def annotate(the_type: Any, the_value: Any) -> Any:  # noqa: ARG001  # read in compiled code
    """Give a value a type in compiled code."""
    return the_value


def isinstance(obj: Any, target_type: Any) -> bool:
    """`isinstance` that takes container types such as `List[int]`, and refines them in compiled code."""
    return TORCH._jit_internal._isinstance(obj, target_type)


def fork(func: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Run a function asynchronously in compiled code; gives a future."""
    return TORCH.jit.fork(func, *args, **kwargs)


def wait(future: Any) -> Any:
    """The result of a future."""
    return future.wait()


def script_if_tracing(fn: _F) -> _F:
    """Compile a function when it is called while something is traced."""

    @functools.wraps(fn)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        compile_function = _when_traced[-1] if _when_traced and TORCH._C._is_tracing() else None
        return (fn if compile_function is None else compile_function(fn))(*args, **kwargs)

    setattr(wrapper, "__original_fn", fn)  # the names are torch's
    setattr(wrapper, "__script_if_tracing_wrapper", True)
    return typing.cast("_F", wrapper)
