"""Cross attention that keeps keys and values between two uses in one call.

Trace: Cross
Input: float32[1,2,4]
Input: float32[1,5,4]
Harmless: nothing is kept from call to call.
"""

import torch
from torch import nn


class Cross(nn.Module):
    def __init__(self):
        super().__init__()
        self.q = nn.Linear(4, 4)
        self.kv = nn.Linear(4, 8)
        self.cache = None

    def keys(self, memory):
        if self.cache is None or self.cache[0] is not memory:
            self.cache = (memory, self.kv(memory))
        return self.cache[1].chunk(2, -1)

    def forward(self, x, memory):
        self.cache = None
        k, v = self.keys(memory)
        k2, v2 = self.keys(memory)
        out = torch.softmax(self.q(x) @ k.transpose(1, 2), -1) @ v
        return out + torch.softmax(self.q(out) @ k2.transpose(1, 2), -1) @ v2
