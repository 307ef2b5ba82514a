"""A detector with a loop over configured levels, a draw for its log, and a score that decides by item.

Trace: Detector
Input: float32[1,5,4]:0.6..1
Happens: loop and draw do no harm; which threshold is used was decided by the tracing picture.
"""

import random

import torch
from torch import Tensor, nn

LEVELS = (1, 2, 4)


class Log:
    def __init__(self):
        self.lines: list[str] = []

    def note(self, level: int, share: float) -> None:
        if random.random() < 0.5:
            self.lines.append(f"level {level}: {share:.2f}")


class Head(nn.Module):
    def __init__(self):
        super().__init__()
        self.log = Log()

    def threshold(self, scores: Tensor) -> float:
        highest = scores.max().item()  # also right: constant or branch
        return 0.5 if highest > 0.5 else 0.05  # guilty: branch

    def forward(self, rows: Tensor) -> Tensor:
        total = torch.zeros(())
        for level in LEVELS:
            scores = rows[..., 3] / level
            self.log.note(level, 1.0 / level)
            total = total + scores.sum()
        return (rows[..., 3] > self.threshold(rows[..., 3])).float() + total


class Detector(nn.Module):
    def __init__(self):
        super().__init__()
        self.head = Head()

    def forward(self, rows: Tensor) -> Tensor:
        return self.head(rows)
