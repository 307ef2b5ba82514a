"""Calls of torch.jit.trace in a person's file, kept so that our tracer can make the same trace."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, NamedTuple, cast

import torch

import jitcore
from jitviewer.runner.compiled_objects import compiled_kind

_CHECKS = ("check_trace", "check_inputs", "check_tolerance")


class TracedCall(NamedTuple):
    """A call of `function` (`trace` or `trace_module`): the arguments as they were, and the modes it saw.

    Its first argument, what is traced, is the program's own: only `modes` of the modules in it are kept.
    """

    function: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    modes: tuple[tuple[torch.nn.Module, bool], ...]
    has_grad: bool

    @classmethod
    def of(cls, function: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> TracedCall:
        """Keep a call that is about to be made."""
        traced = _traced_of(args, kwargs)
        owner = traced if isinstance(traced, torch.nn.Module) else getattr(traced, "__self__", None)
        modules = owner.modules() if isinstance(owner, torch.nn.Module) else ()
        modes = tuple((module, module.training) for module in modules)
        copies = {
            key: value if value is traced else _copy(value)
            for key, value in kwargs.items()
            if key not in _CHECKS
        }
        rest = tuple(_copy(value) for value in args[1:])
        return cls(function, (*args[:1], *rest), copies, modes, torch.is_grad_enabled())

    @property
    def can_be_repeated(self) -> bool:
        """Whether there is something to trace: of what is compiled already torch makes nothing new."""
        return not compiled_kind(_traced_of(self.args, self.kwargs))

    def repeated(self) -> Any:
        """Our trace of the same, with no check of it. Raises what the program does, and what a trace does."""
        # By place the checks are the fourth to the sixth argument.
        args = (*self.args[:3], False, *self.args[4:]) if len(self.args) > 3 else self.args
        kwargs = self.kwargs if len(self.args) > 3 else {**self.kwargs, "check_trace": False}
        with self._as_then():
            return getattr(jitcore, self.function)(*args, **kwargs)

    @contextmanager
    def _as_then(self) -> Generator[None]:
        now = [(module, module.training) for module, _ in self.modes]
        try:
            for module, is_training in self.modes:
                module.training = is_training
            with torch.set_grad_enabled(self.has_grad):
                yield
        finally:
            for module, is_training in now:
                module.training = is_training


def _traced_of(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    return args[0] if args else kwargs.get("func", kwargs.get("mod"))


def _copy(value: Any) -> Any:
    """The value with copies of its tensors, which the call may write to."""
    if isinstance(value, torch.Tensor):
        return value.detach().clone().requires_grad_(value.requires_grad)
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in cast("dict[Any, Any]", value).items()}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*(_copy(item) for item in cast("tuple[Any, ...]", value)))
    if isinstance(value, list | tuple):
        return type(value)(_copy(item) for item in cast("list[Any]", value))
    return value
