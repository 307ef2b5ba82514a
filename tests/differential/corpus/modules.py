"""Every module class of torch.nn, scripted and traced, in training and in evaluation."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import torch
from torch import nn

from tests.differential.corpus.batch import Batch, Call, first_line, saved
from tests.differential.corpus.module_inputs import EXTRA, LAZY

# Recurrent layers overload `forward`: for padded and for packed sequences.
FORWARDS = ("forward", "forward__0", "forward__1")


def classes() -> set[type[nn.Module]]:
    """The module classes that torch.nn offers."""
    found = (value for name, value in vars(nn).items() if isinstance(value, type))
    return {each for each in found if issubclass(each, nn.Module) and each is not nn.Module}


def samples(training: bool, every: bool) -> Iterator[tuple[str, nn.Module, tuple[Any, ...], dict[str, Any]]]:
    """A name, a module, arguments and keyword arguments of its forward; the first ones unless `every`."""
    # torch's own tests know arguments for most classes.
    from torch.testing._internal.common_modules import module_db

    for info in module_db:
        inputs = info.module_inputs_func(info, "cpu", torch.float32, False, training)
        seen: set[int] = set()
        for number, sample in enumerate(inputs):
            arguments = sample.forward_input
            if arguments is None or (not every and len(arguments.args) + len(arguments.kwargs) in seen):
                continue
            seen.add(len(arguments.args) + len(arguments.kwargs))
            made = sample.constructor_input
            torch.manual_seed(0)
            try:
                module = info.module_cls(*made.args, **made.kwargs)
            except Exception:
                # Samples may be of errors.
                continue
            yield f"{info.name}_{number}", module, tuple(arguments.args), dict(arguments.kwargs)
    for name, build in (EXTRA | LAZY).items():
        torch.manual_seed(0)
        module, arguments = build()
        yield name, module, arguments, {}


def batches(every: bool) -> Iterator[Batch]:
    """An archive for each module, mode and way of compiling; of evaluation only unless `every`."""
    for training in (False, True) if every else (False,):
        mode = "train" if training else "eval"
        for name, module, arguments, keywords in samples(training, every):
            module.train(training)
            ordered = _positional(module, arguments, keywords)
            for way in ("script", "trace"):
                refused: Counter[str] = Counter()
                title = f"nn.{name}.{mode}.{way}"
                try:
                    compiled = _compiled(way, module, ordered)
                    archive = saved(compiled)
                except Exception as error:
                    refused[first_line(error)] += 1
                    yield Batch(title, b"", refused=refused, programs=0)
                    continue
                methods = [each for each in FORWARDS if compiled._c._has_method(each)]
                calls = [Call(method, ordered) for method in methods]
                held = frozenset(type(each) for each in module.modules())
                yield Batch(title, archive, calls, classes=held)


def _compiled(way: str, module: nn.Module, inputs: tuple[Any, ...]) -> Any:
    if way == "script":
        return torch.jit.script(module)
    torch.manual_seed(0)
    return torch.jit.trace(module, inputs, check_trace=False)


def _positional(module: nn.Module, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> tuple[Any, ...]:
    if not keywords:
        return arguments
    import inspect

    bound = inspect.signature(module.forward).bind(*arguments, **keywords)
    bound.apply_defaults()
    return tuple(bound.arguments.values())
