"""What an object of a person's file can be called with: proposed from its signature and its layers."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, get_args, get_origin

import torch
from torch import nn

from jitviewer.protocol.rows import InputRow

if TYPE_CHECKING:
    from collections.abc import Callable

_UNKNOWN = "float32[4,4]"
_NAMED = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
_DEFAULT = "the default, as long as nothing is given"


def call_inputs(called: Any) -> list[InputRow]:
    """A row for each argument that a call takes by place. What has a default need not be given.

    A trace takes tensors, and lists, tuples and dicts of them: other types get no proposal.
    """
    module = called if isinstance(called, nn.Module) else None
    first = next(_first_layers(module), None) if module is not None else None
    rows: list[InputRow] = []
    for parameter in _parameters(called if module is None else module.forward):
        kind = _text(parameter.annotation)
        if parameter.default is not parameter.empty:
            rows.append(InputRow(parameter.name, kind, "", _DEFAULT, required=False))
            continue
        spec, reason = _proposal(parameter.annotation, first if not rows else None)
        rows.append(InputRow(parameter.name, kind, spec, reason, required=True))
    return rows


def _parameters(function: Callable[..., Any]) -> list[inspect.Parameter]:
    try:
        signature = inspect.signature(function, eval_str=True)
    except NameError:
        # An annotation that means something to type checkers only.
        signature = inspect.signature(function)
    return [parameter for parameter in signature.parameters.values() if parameter.kind in _NAMED]


def _text(annotation: Any) -> str:
    if annotation is inspect.Parameter.empty:
        return ""
    return annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)


def _proposal(annotation: Any, layer: tuple[str, nn.Module] | None) -> tuple[str, str]:
    """A SPEC and the reason for it; empty where nothing can be said."""
    if annotation is inspect.Parameter.empty or annotation is torch.Tensor:
        if layer is not None:
            return _taken_by(*layer)
        return _UNKNOWN, "nothing tells the shape: change it if the call fails"
    parts = [_proposal(part, None)[0] for part in get_args(annotation) if part not in (..., str)]
    if not all(parts):
        return "", "a trace takes tensors, and containers of them"
    match get_origin(annotation):
        case kind if kind is list:
            return f"[{parts[0]}]", "a list of one"
        case kind if kind is tuple:
            return f"({', '.join(parts)},)", "one of each element"
        case kind if kind is dict:
            return f'{{"key": {parts[-1]}}}', "a dict of one; the key is a guess"
        case _:
            return "", "a trace takes tensors, and containers of them"


def _first_layers(module: nn.Module) -> Iterator[tuple[str, nn.Module]]:
    """Layers of which the shape of the input is known, in the order of the module."""
    for path, layer in module.named_modules():
        if isinstance(layer, _Shaped):
            yield path or type(layer).__name__, layer


_Convolution = nn.Conv1d | nn.Conv2d | nn.Conv3d
_Norm = nn.BatchNorm1d | nn.BatchNorm2d | nn.BatchNorm3d
_Recurrent = nn.RNN | nn.LSTM | nn.GRU
_Shaped = nn.Linear | _Convolution | nn.Embedding | nn.LayerNorm | _Norm | _Recurrent | nn.MultiheadAttention


def _taken_by(path: str, layer: nn.Module) -> tuple[str, str]:
    """A tensor that a layer takes."""
    match layer:
        case nn.Linear():
            return f"float32[2,{layer.in_features}]", f"{path} takes {layer.in_features} features"
        case nn.Conv1d() | nn.Conv2d() | nn.Conv3d():
            dimensions = len(layer.kernel_size)
            sides = ",".join(["32"] * dimensions)
            return f"float32[1,{layer.in_channels},{sides}]", f"{path} takes {layer.in_channels} channels"
        case nn.Embedding():
            most = layer.num_embeddings
            return f"int64[1,8]:0..{most}", f"{path} has {most} embeddings"
        case nn.LayerNorm():
            shape = ",".join(map(str, (2, *layer.normalized_shape)))
            return f"float32[{shape}]", f"{path} normalizes that shape"
        case nn.BatchNorm1d() | nn.BatchNorm2d() | nn.BatchNorm3d():
            sides = {nn.BatchNorm1d: 0, nn.BatchNorm2d: 2, nn.BatchNorm3d: 3}.get(type(layer), 0)
            shape = ",".join(["2", str(layer.num_features), *["8"] * sides])
            return f"float32[{shape}]", f"{path} normalizes {layer.num_features} features"
        case nn.RNN() | nn.LSTM() | nn.GRU():
            return f"float32[4,2,{layer.input_size}]", f"{path} takes {layer.input_size} features"
        case nn.MultiheadAttention():
            return f"float32[4,2,{layer.embed_dim}]", f"{path} takes {layer.embed_dim} features"
        case _:
            raise TypeError(f"{type(layer).__name__} is no layer of a known shape")
