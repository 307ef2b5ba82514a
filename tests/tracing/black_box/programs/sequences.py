"""Packed and padded sequences, windows, trees: how often loops run, and what sizes become."""

import torch
from torch import nn


def buckets(lengths):
    found = {}
    for place, length in enumerate(lengths.tolist()):  # says: loop-count 2; constant
        found.setdefault(length, []).append(place)
    return found


def padded(rows):
    groups = buckets(torch.stack([row.sum() for row in rows]))  # says: loop-count 2
    total = rows[0]
    for length, places in groups.items():  # says: loop-count 2
        total = total + length * len(places)
    return total


def halve(x):
    steps = 0
    while x.abs().max() > 1:  # says: loop-count 2
        x = x / 2
        steps += 1
    return x, steps


def scaled_down(x):
    small, steps = halve(x)
    if steps > 1:  # says: branch True
        small = small * 3
    return small + steps


def windows(x, width):
    starts = range(0, x.shape[1] - width + 1, width)  # says: loop-count 4
    return [x[:, start : start + width] for start in starts]  # says: loop-count 2


def pooled(x):
    return torch.stack([window.mean(dim=1) for window in windows(x, 2)])  # says: loop-count 2


class Packed(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.GRUCell(2, 3)

    def batch_at(self, lengths, step):
        return sum(1 for length in lengths if length > step)  # says: loop-count 2; branch True; branch False

    def forward(self, x, lengths):
        order = lengths.tolist()  # says: constant
        state = x.new_zeros(x.shape[0], 3)
        for step in range(max(order)):  # says: loop-count 3
            active = self.batch_at(order, step)
            state = torch.cat([self.cell(x[:active, step], state[:active]), state[active:]])
        return state


def ranks(x):
    if x.dim() == 2:  # says: branch False
        x = x.unsqueeze(0)
    axis = x.ndim - 1  # says: shape 3
    return x.sum(dim=axis)


def matched(x):
    kind = "matrix" if x.shape[0] == x.shape[1] else "other"  # says: branch True
    match kind:  # says: branch 'matrix'
        case "matrix":
            return x.diagonal()
        case _:
            return x.flatten()


CASES = {
    "padded": (lambda: padded, lambda: ([torch.tensor([1.0, 2.0]), torch.tensor([4.0, 5.0])],)),
    "scaled_down": (lambda: scaled_down, lambda: (torch.tensor([3.0, 1.0]),)),
    "pooled": (lambda: pooled, lambda: (torch.rand(2, 5),)),
    "packed": (Packed, lambda: (torch.rand(2, 4, 2), torch.tensor([3, 1]))),
    "ranks": (lambda: ranks, lambda: (torch.rand(2, 3, 4),)),
    "matched": (lambda: matched, lambda: (torch.rand(3, 3),)),
}
