"""A matrix power by repeated squaring, whose exponent is read from a tensor.

Trace: power
Input: float32[2,2]
Input: int64[1]:5..6
Happens: the bits of the traced exponent are in the graph.
"""

import torch
from torch import Tensor


def bits_of(number: int) -> list[bool]:
    bits: list[bool] = []
    while number > 0:  # also right: branch or loop-count
        bits.append(number % 2 == 1)
        number //= 2
    return bits


def power(matrix: Tensor, exponent: Tensor) -> Tensor:
    made, square = torch.eye(2), matrix * 0.5
    for bit in bits_of(int(exponent)):  # guilty: constant or loop-count
        if bit:  # also right: branch
            made = made @ square
        square = square @ square
    return made
