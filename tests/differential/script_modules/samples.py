"""The module classes of torch.nn with arguments, as programs to be compiled."""

import copy
import inspect
from collections.abc import Callable, Iterator
from typing import Any

from torch import nn

from tests.differential.corpus import modules

Sample = tuple[str, Callable[[], nn.Module], list[tuple[Any, ...]]]


def samples(every: bool) -> Iterator[Sample]:
    """A name, a maker of the module and the arguments of its calls; in evaluation only unless `every`."""
    for training in (False, True) if every else (False,):
        mode = "train" if training else "eval"
        for name, module, arguments, keywords in modules.samples(training, every):
            module.train(training)
            yield f"{name}.{mode}", _copies(module), [_positional(module, arguments, keywords)]


def _copies(module: nn.Module) -> Callable[[], nn.Module]:
    return lambda: copy.deepcopy(module)


def _positional(module: nn.Module, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> tuple[Any, ...]:
    if not keywords:
        return arguments
    bound = inspect.signature(module.forward).bind(*arguments, **keywords)
    bound.apply_defaults()
    return tuple(bound.arguments.values())
