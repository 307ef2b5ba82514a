"""Programs of tensors as graphs of torch.fx, which torch's compilers take."""

from __future__ import annotations

import operator
from typing import Any, cast

import torch
from torch import fx

from jitcore.exec.compiled.compilable_operators import COMPILABLE_BELOW_AUTOGRAD, WORDS
from jitcore.exec.compiled.tensor_program import MEMORY_FORMATS


def graph_of(program: dict[str, Any]) -> tuple[fx.GraphModule, list[torch.Tensor]]:
    """The program as a graph of calls of torch's overloads, and tensors like those that it is given."""
    graph = fx.Graph()
    values: list[Any] = []
    given: list[torch.Tensor] = []
    for kind, *told in program["inputs"]:
        if kind == "tensor":
            values.append(graph.placeholder(f"x{len(values)}"))
            given.append(_tensor(*told))
        else:
            values.append(told[0])

    def meant(argument: Any) -> Any:
        match argument:
            case {"value": int(place)}:
                return values[place]
            case {"item": [int(place), int(item)]}:
                return graph.call_function(operator.getitem, (values[place], item))
            case {"dtype": str(name)}:
                return getattr(torch, name)
            case {"memory_format": str(name)} if name in MEMORY_FORMATS:
                return getattr(torch, name)
            case {"layout": "strided"}:
                return torch.strided
            case {"device": str(name)}:
                return torch.device(name)
            case str() if argument not in WORDS:
                raise ValueError("a text is not compiled")
            case list():
                return [meant(part) for part in cast("list[Any]", argument)]
            case {}:
                raise ValueError("an argument is not compiled")
            case _:
                return argument

    for key, arguments in program["steps"]:
        overload = _overload(key)
        schema = overload._schema.arguments
        positional = [meant(a) for a, s in zip(arguments, schema, strict=False) if not s.kwarg_only]
        named = {s.name: meant(a) for a, s in zip(arguments, schema, strict=False) if s.kwarg_only}
        values.append(graph.call_function(overload, tuple(positional), named))
    graph.output(tuple(meant(result) for result in program["results"]))
    return fx.GraphModule(torch.nn.Module(), graph), given


def _overload(key: str) -> Any:
    if key not in COMPILABLE_BELOW_AUTOGRAD:
        raise ValueError(f"{key} is not compiled")
    name, _, overload = key.removeprefix("aten::").partition(".")
    return getattr(getattr(torch.ops.aten, name), overload or "default")


def _tensor(dtype: str, device: str, sizes: list[int], strides: list[int]) -> torch.Tensor:
    return torch.empty_strided(sizes, strides, dtype=getattr(torch, dtype), device=device)
