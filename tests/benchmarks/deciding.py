"""A program that decides in each step of a loop, by a value that it reads out of a tensor."""

import torch


def decide(limit: torch.Tensor, steps: int) -> torch.Tensor:
    """`limit` plus how many of the numbers below `steps` are smaller than it, and how many are not."""
    below = above = 0
    for number in range(steps):
        if limit > number:
            below += 1
        else:
            above += 1
    return limit + below - above
