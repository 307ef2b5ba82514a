"""The module classes of torch.nn with arguments, as programs to be compiled."""

import copy
import inspect
from collections.abc import Callable, Iterator
from typing import Any

import torch
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


def wrong_calls() -> Iterator[Sample]:
    """The calls by which torch's own tests show that a module refuses what does not fit."""
    from torch.testing._internal.common_modules import ModuleErrorEnum, module_db

    for info in module_db:
        if info.module_error_inputs_func is None:
            continue
        wrong = info.module_error_inputs_func(info, "cpu", torch.float32, False, False)
        for number, each in enumerate(wrong):
            sample = each.module_error_input
            if each.error_on is ModuleErrorEnum.FORWARD_ERROR and sample.forward_input is not None:
                made = sample.constructor_input
                module = info.module_cls(*made.args, **made.kwargs).eval()
                arguments = tuple(sample.forward_input.args)
                given = _positional(module, arguments, dict(sample.forward_input.kwargs))
                yield f"{info.name}_{number}.wrong", _copies(module), [given]


def _copies(module: nn.Module) -> Callable[[], nn.Module]:
    return lambda: copy.deepcopy(module)


def _positional(module: nn.Module, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> tuple[Any, ...]:
    if not keywords:
        return arguments
    bound = inspect.signature(module.forward).bind(*arguments, **keywords)
    bound.apply_defaults()
    return tuple(bound.arguments.values())
