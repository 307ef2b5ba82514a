"""What is diagnosed: a function or module of Python, with the inputs that it is traced with."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import torch
from torch.nn import Module

Arguments = tuple[Any, ...]


def is_traceable(value: Any) -> bool:
    """Whether a trace takes a value as an input: a tensor, or a tuple, list or dict of such."""
    if isinstance(value, torch.Tensor):
        return True
    if isinstance(value, Mapping):
        held = cast("Mapping[Any, Any]", value)
        return bool(held) and all(is_traceable(each) for each in held.values())
    if isinstance(value, tuple | list):
        items = cast("Sequence[Any]", value)
        return bool(items) and all(is_traceable(each) for each in items)
    return False


def copied(arguments: Arguments) -> Arguments:
    """Arguments that may be written to; tensors that are the same one stay one."""
    return copy.deepcopy(tuple(_leaf(each) for each in arguments))


def _leaf(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        if value.is_leaf:
            return value
        with torch.no_grad():
            return value.detach().clone().requires_grad_(value.requires_grad)
    return value


class Subject:
    """A function or module, and its example inputs.

    What a trace takes for no input (numbers, texts, None) is bound to the value of the example, as a person
    who traces has to bind it. Attributes: `target` as it was given, `name`, `arguments`, `traced_places` of
    the arguments that stay inputs.
    """

    def __init__(self, target: Callable[..., Any], arguments: Arguments) -> None:
        self.target = target
        self.name = (
            type(target).__name__ if isinstance(target, Module) else getattr(target, "__name__", "function")
        )
        self.arguments = arguments
        self.traced_places = [place for place, each in enumerate(arguments) if is_traceable(each)]

    @property
    def module(self) -> Module | None:
        """The module that is called, or whose method is."""
        if isinstance(self.target, Module):
            return self.target
        owner = getattr(self.target, "__self__", None)
        return owner if isinstance(owner, Module) else None

    @property
    def is_bound(self) -> bool:
        """Whether some arguments are no inputs of the trace."""
        return len(self.traced_places) < len(self.arguments)

    def for_trace(self, arguments: Arguments) -> Any:
        """What is traced: the target, or a stand-in that has those of the arguments bound that are no
        inputs."""
        if not self.is_bound and (isinstance(self.target, Module) or inspect.isroutine(self.target)):
            return self.target

        def merged(given: Arguments) -> Arguments:
            parts = list(arguments)
            for place, each in zip(self.traced_places, given, strict=True):
                parts[place] = each
            return tuple(parts)

        if isinstance(self.target, Module):
            return _BoundModule(self.target, merged)
        target = self.target

        def bound(*given: Any) -> Any:
            return target(*merged(given))

        bound.__qualname__ = bound.__name__ = self.name
        return bound

    def traced_part(self, arguments: Arguments) -> Arguments:
        """Those of the arguments that a trace gets."""
        return tuple(arguments[place] for place in self.traced_places)

    def parameters(self) -> list[inspect.Parameter]:
        """What the arguments are called, as far as a signature tells."""
        called = self.target.forward if isinstance(self.target, Module) else self.target
        try:
            return list(inspect.signature(called).parameters.values())
        except (TypeError, ValueError):
            return []


class _BoundModule(Module):
    """A module with some of its arguments bound."""

    def __init__(self, inner: Module, merged: Callable[[Arguments], Arguments]) -> None:
        super().__init__()
        self.inner = inner
        self.train(inner.training)
        for each, own in zip(self.inner.modules(), inner.modules(), strict=True):
            each.training = own.training
        self.__dict__["_merged"] = merged

    def forward(self, *given: Any) -> Any:
        """Call with all arguments."""
        return self.inner(*self.__dict__["_merged"](given))
