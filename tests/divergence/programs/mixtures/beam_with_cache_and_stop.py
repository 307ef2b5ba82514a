"""A tiny greedy decoder: a cache that lives for one call, a configured limit, and a stop by token.

Trace: Generator
Input: float32[1,4]:1..2
Happens: the traced sentence ended early; the cache does not outlive the call.
"""

import torch
from torch import Tensor, nn

STOP = 0


class Cache:
    def __init__(self):
        self.states: list[Tensor] = []

    def push(self, state: Tensor) -> Tensor:
        self.states.append(state)
        return torch.stack(self.states).mean(dim=0)


class Generator(nn.Module):
    limit = 4

    def __init__(self):
        super().__init__()
        self.step = nn.Linear(4, 4)
        with torch.no_grad():
            self.step.weight.copy_(torch.eye(4) * 0.9)
            self.step.bias.copy_(torch.tensor([9.0, 0.0, 0.0, 0.0]))

    def ended(self, logits: Tensor) -> bool:
        token = logits.argmax(dim=-1)
        return token.item() == STOP  # also right: branch or constant

    def forward(self, state: Tensor) -> Tensor:
        cache = Cache()
        for _ in range(self.limit):
            state = cache.push(self.step(state))
            if self.ended(state):  # guilty: branch
                break
        return state
