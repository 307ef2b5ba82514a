"""The last row against the mean of those before, taken apart by a starred name.

Trace: split_last
Input: float32[3,2]
Happens: the trace takes as many rows apart as there were.
"""

import torch


def history(x):
    *past, now = x  # guilty: loop-count or shape
    return past, now


def split_last(x):
    past, now = history(x)
    return torch.stack(past).mean(0) - now
