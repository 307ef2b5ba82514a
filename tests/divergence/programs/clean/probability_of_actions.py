"""A policy with a normal distribution, whose library checks what it is given.

Trace: Policy
Input: float32[3,4]
Input: float32[3,2]
Harmless: all that is computed is recorded.
"""

import torch
from torch import nn
from torch.distributions import Normal


class Policy(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(4, 2)
        self.log_std = nn.Parameter(torch.zeros(2))

    def forward(self, state, action):
        mean = self.body(state)
        dist = Normal(mean, self.log_std.exp().expand_as(mean))
        return dist.log_prob(action).sum(-1)
