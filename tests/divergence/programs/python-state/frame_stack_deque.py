"""An agent that sees its last frames, kept in a deque.

Trace: Agent
Input: float32[2]
Happens: the earlier frames of the trace are constants.
"""

from collections import deque

import torch
from torch import Tensor, nn


class Frames:
    def __init__(self, count: int):
        self.kept = deque([torch.zeros(2) for _ in range(count)], maxlen=count)

    def push(self, frame: Tensor) -> Tensor:
        self.kept.append(frame)  # also right: python-state
        return torch.cat(list(self.kept))  # guilty: python-state


class Agent(nn.Module):
    def __init__(self):
        super().__init__()
        self.frames = Frames(3)
        self.policy = nn.Linear(6, 2)

    def forward(self, frame: Tensor) -> Tensor:
        return self.policy(self.frames.push(frame))
