"""Layers that are timed by a context manager, which reports what is slow.

Trace: Timed
Input: float32[3,3]
Harmless: the times are for people.
"""

import time
from contextlib import contextmanager

import torch
from torch import nn

TIMES: dict = {}


@contextmanager
def timed(name):
    start = time.perf_counter()
    try:
        yield
    finally:
        TIMES.setdefault(name, []).append(time.perf_counter() - start)
        if sum(TIMES[name]) > 1e6:
            print("slow", name)


class Timed(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(3, 3)
        self.b = nn.Linear(3, 3)

    def forward(self, x):
        with timed("a"):
            x = self.a(x).relu()
        with timed("b"), torch.no_grad():
            y = self.b(x)
        return x + y
