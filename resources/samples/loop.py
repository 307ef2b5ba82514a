"""A loop whose number of turns is an argument, with a way out as soon as the answer is good enough."""

import torch
from torch import Tensor, nn


class SquareRoot(nn.Module):
    """Heron's method, element by element: positive float32[N] and a number of turns -> float32[N]."""

    def forward(self, x: Tensor, turns: int) -> Tensor:
        guess = torch.ones_like(x)
        for _ in range(turns):
            better = (guess + x / guess) * 0.5
            if bool((better - guess).abs().max() < 1e-4):
                break
            guess = better
        return guess
