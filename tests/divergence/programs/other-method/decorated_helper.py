"""A helper under a decorator that keeps its name.

Trace: loss
Input: float32[3]
Happens: the script compiles the function that the decorator wraps, without the decorator.
"""

import functools

import torch
from torch import Tensor


def in_decibels(function):
    @functools.wraps(function)
    def wrapped(x: Tensor) -> Tensor:
        return 10 * torch.log10(function(x))  # guilty: other-method

    return wrapped


@in_decibels  # also right: other-method
def power(x: Tensor) -> Tensor:
    return (x * x).mean() + 1


def loss(x: Tensor) -> Tensor:
    return power(x) * x  # also right: other-method
