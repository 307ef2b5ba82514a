"""Inputs in words: small tensors with all their values, large ones by type, shape and range."""

from __future__ import annotations

from typing import Any, Final

import torch

_SHOWN: Final = 24


def text_of_input(value: Any) -> str:
    """One input: `float32[2] = [0.5, 1]`, `float32[3, 224, 224] from -4.1 to 4.3`, or as Python writes it."""
    if isinstance(value, torch.Tensor):
        return _tensor_text(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {text_of_input(each)}" for key, each in value.items()) + "}"
    if isinstance(value, tuple | list):
        texts = ", ".join(map(text_of_input, value))
        return f"[{texts}]" if isinstance(value, list) else f"({texts}{',' if len(value) == 1 else ''})"
    text = repr(value)
    return text if len(text) <= 200 else text[:200] + "…"


def _tensor_text(tensor: torch.Tensor) -> str:
    kind = str(tensor.dtype).removeprefix("torch.")
    head = f"{kind}[{', '.join(map(str, tensor.shape))}]"
    if not tensor.numel() or tensor.layout is not torch.strided or tensor.is_quantized:
        return head
    plain = tensor.detach()
    if tensor.numel() <= _SHOWN:
        return f"{head} = {_list_text(plain.tolist())}"
    if plain.dtype is torch.bool:
        return f"{head} with {int(plain.sum())} true"
    if plain.is_complex():
        return head
    low, high = plain.double().min().item(), plain.double().max().item()
    if low == high:
        return f"{head}, all {low:.6g}"
    return f"{head} from {low:.6g} to {high:.6g}"


def _list_text(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(_list_text, value)) + "]"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
