"""Greedy decoding of a recogniser: repeated tokens are collapsed and blanks dropped, in Python.

Trace: decode
Input: float32[5,3]
Happens: the tokens of the traced recording are a constant.
"""

import itertools

import torch
from torch import Tensor

BLANK = 0


def collapse(tokens: list[int]) -> list[int]:
    return [token for token, _ in itertools.groupby(tokens) if token != BLANK]


def decode(logits: Tensor) -> Tensor:
    best = logits.argmax(dim=-1)
    tokens = collapse(best.tolist())  # guilty: constant
    counts = torch.zeros(3)
    for token in tokens:  # also right: loop-count
        counts[token] += 1
    return counts + logits.mean()
