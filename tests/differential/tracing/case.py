"""What is compared: something that can be traced, made anew for each side, and what it is traced with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Case:
    """A function or module, of which `make` gives an equal one each time, with the arguments of the trace.

    `options` are those of `trace`; `other_inputs` are more arguments that both traces are called with. With
    `methods` several methods are traced, each with its arguments. With `is_sided`, `make` is given the
    library that is to compile what it needs: torch.jit or ours.
    """

    name: str
    make: Callable[..., Any]
    inputs: Any = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    other_inputs: tuple[Any, ...] = ()
    methods: Mapping[str, Any] | None = None
    is_sided: bool = False
