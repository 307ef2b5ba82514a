"""The text of a TorchScript method that calls an operator as one of torch's samples does."""

import math
from typing import Any

import torch


class UnwritableError(Exception):
    """There is no text for a sample; the message says why."""


class SampleText:
    """One call of an operator, written with its tensors as parameters and everything else as literals.

    `variant` is function, method, inplace or out. `inputs` are the tensors. Raises `UnwritableError`.
    """

    def __init__(self, info: Any, sample: Any, variant: str) -> None:
        self.inputs: tuple[Any, ...] = ()
        self._types: list[str] = []
        arguments = [self._text(sample.input), *map(self._text, sample.args)]
        keywords = [f"{name}={self._text(value)}" for name, value in sample.kwargs.items()]
        if variant == "out":
            if not info.supports_out:
                raise UnwritableError("no out variant")
            keywords.append(f"out={self._output(info, sample)}")
        if variant in {"function", "out"}:
            self._call = f"{function_name(info)}({', '.join(arguments + keywords)})"
            return
        method = info.method_variant if variant == "method" else info.inplace_variant
        named = getattr(method, "__name__", "")
        if method is None or getattr(torch.Tensor, named, None) is None:
            raise UnwritableError(f"no {variant} variant")
        if not isinstance(sample.input, torch.Tensor):
            raise UnwritableError("a method of what is no tensor")
        self._call = f"{arguments[0]}.{named}({', '.join(arguments[1:] + keywords)})"

    def definition(self, name: str, is_method: bool = True) -> str:
        """The text of a method, or function, of that name."""
        parameters = [f"x{number}: {kind}" for number, kind in enumerate(self._types)]
        owner = ["self"] if is_method else []
        return f"def {name}({', '.join(owner + parameters)}):\n    return {self._call}\n"

    def _parameter(self, value: Any, type: str) -> str:
        self.inputs = (*self.inputs, value)
        self._types.append(type)
        return f"x{len(self._types) - 1}"

    def _output(self, info: Any, sample: Any) -> str:
        torch.manual_seed(0)
        result = info.op(sample.input, *sample.args, **sample.kwargs)
        if isinstance(result, torch.Tensor):
            return self._parameter(torch.empty_like(result), "Tensor")
        if isinstance(result, tuple) and all(isinstance(item, torch.Tensor) for item in result):
            return f"({', '.join(self._parameter(torch.empty_like(item), 'Tensor') for item in result)})"
        raise UnwritableError("no out variant for such results")

    def _text(self, value: Any) -> str:
        if isinstance(value, torch.Tensor):
            return self._parameter(value, "Tensor")
        if isinstance(value, (list, tuple)):
            items = list(value)
            if len(items) > 1 and isinstance(value, list) and all(isinstance(i, torch.Tensor) for i in items):
                return self._parameter(items, "List[Tensor]")
            inner = ", ".join(map(self._text, items))
            if isinstance(value, list):
                return f"[{inner}]"
            return f"({inner},)" if len(items) == 1 else f"({inner})"
        return literal(value)


def function_name(info: Any) -> str:
    """How a program calls the operator."""
    op = info.op
    if isinstance(op, torch._ops.OpOverload):
        return f"torch.ops.{op._schema.name.replace('::', '.')}"
    if isinstance(op, torch._ops.OpOverloadPacket):
        return f"torch.ops.{op._qualified_op_name.replace('::', '.')}"
    found: Any = torch
    for part in info.name.split("."):
        found = getattr(found, part, None)
    if found is None:
        raise UnwritableError("torch has no function of that name")
    return f"torch.{info.name}"


def literal(value: Any) -> str:
    """A TorchScript expression for a value that is no tensor and no container."""
    if value is None or isinstance(value, (bool, str)):
        return repr(value)
    if isinstance(value, int):
        return repr(int(value))
    if isinstance(value, float):
        return repr(float(value)) if math.isfinite(value) else f'float("{float(value)}")'
    if isinstance(value, complex):
        return f"complex({literal(value.real)}, {literal(value.imag)})"
    if isinstance(value, (torch.dtype, torch.layout, torch.memory_format)):
        return str(value)
    if isinstance(value, torch.device):
        return f'torch.device("{value}")'
    raise UnwritableError(f"no literal of type {type(value).__name__}")
