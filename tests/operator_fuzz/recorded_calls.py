"""Right calls of operators: those that torch's own samples come down to, and those of contracts."""

from __future__ import annotations

import itertools
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

from tests.exec.good_calls import good_calls

PER_OVERLOAD, PER_SAMPLER, LARGEST = 14, 4, 5_000
_PLAIN = (bool, int, float, str, torch.dtype, torch.device, torch.layout, torch.memory_format)


class Recorder(TorchDispatchMode):
    """Keeps arguments of the operators that are called, in the order of the schema, by name and overload."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: dict[str, list[list[Any]]] = {}

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        schema, named = func._schema, kwargs or {}
        key = f"{schema.name}.{schema.overload_name}".rstrip(".")
        kept = self.calls.setdefault(key, [])
        given = [
            args[i] if i < len(args) and not a.kwarg_only else named.get(a.name, a.default_value)
            for i, a in enumerate(schema.arguments)
        ]
        if len(kept) < PER_OVERLOAD and all(map(_is_plain, given)):
            kept.append([_kept(value) for value in given])
        return func(*args, **named)


def _is_plain(value: Any) -> bool:
    if isinstance(value, torch.Tensor):
        return type(value) in (torch.Tensor, torch.nn.Parameter) and value.numel() <= LARGEST
    if isinstance(value, list | tuple):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, _PLAIN)


def _kept(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return value.detach().clone()
    return [_kept(item) for item in value] if isinstance(value, list | tuple) else value


def recorded_calls() -> dict[str, list[list[Any]]]:
    """By name and overload."""
    from torch.testing._internal.common_methods_invocations import op_db

    torch.manual_seed(0)
    recorder = Recorder()
    for info in op_db:
        if torch.float32 in info.dtypes and not info.name.startswith("jiterator"):
            _call_samples(info, recorder)
    for key, calls in good_calls().items():
        recorder.calls[key] = [*recorder.calls.get(key, []), *calls]
    return {key: calls for key, calls in recorder.calls.items() if calls}


def _call_samples(info: Any, recorder: Recorder) -> None:
    graded = info.supports_autograd
    try:
        for sample in itertools.islice(info.sample_inputs("cpu", torch.float32, graded), PER_SAMPLER):
            with recorder:
                result = info.op(sample.input, *sample.args, **sample.kwargs)
                results = result if isinstance(result, list | tuple) else [result]
                roots = [r for r in results if isinstance(r, torch.Tensor) and r.requires_grad]
                if roots:
                    torch.autograd.backward(roots, [torch.randn_like(root) for root in roots])
    except (RuntimeError, TypeError, ValueError, AssertionError) as error:
        # Some samples are for other devices, or do not go through this mode.
        print(f"{info.name}: {str(error).partition(chr(10))[0][:90]}")
