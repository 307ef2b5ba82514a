"""Token types of which there are none yet, as a tensor.

Trace: with_types
Input: float32[2]
Happens: an empty list of ints is a float tensor in Python and an int tensor in TorchScript.
"""

import torch
from torch import Tensor


def kept(numbers: list[int], least: int) -> list[int]:
    found: list[int] = []
    for number in numbers:
        if number > least:
            found.append(number)
    return found


def as_tensor(numbers: list[int]) -> Tensor:
    return torch.tensor(numbers)  # guilty: semantics


def with_types(x: Tensor) -> tuple[Tensor, Tensor]:
    types = as_tensor(kept([1, 2, 3], 5))
    return x + 1, types
