"""Decoders: caches, greedy and beam search, positions."""

import math

import torch
from torch import nn

LIMIT = 4


def should_stop(tokens, end):
    finished = (tokens == end).any(dim=1)
    return finished.all()


def longest(lengths):
    return int(lengths.max())  # says: loop-count 3


class Greedy(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(7, 4)
        self.out = nn.Linear(4, 7)

    def advance(self, tokens):
        hidden = self.embed(tokens).mean(dim=1)
        return self.out(hidden).argmax(dim=-1, keepdim=True)

    def forward(self, tokens):
        for _ in range(LIMIT):
            tokens = torch.cat([tokens, self.advance(tokens)], dim=1)
            if should_stop(tokens, 6):  # says: branch False
                break
        return tokens


class Unrolled(nn.Module):
    def forward(self, x, lengths):
        state = torch.zeros(x.size(0), 4)
        for step in range(longest(lengths)):  # says: loop-count 3
            state = torch.tanh(state + x[:, step])
        return state


def beams_of(scores, width):
    alive = scores.topk(width).values
    kept = []
    for value in alive.tolist():  # says: loop-count 2; constant
        if value > 0:  # says: branch True
            kept.append(value)
    return kept


def beam_search(scores):
    kept = beams_of(scores, 2)
    penalty = sum(kept) / len(kept) if kept else 1.0  # says: branch True
    return scores * penalty


class Positions(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = torch.arange(32.0).reshape(8, 4)

    def lookup(self, count):
        return self.table[:count]  # says: constant

    def forward(self, x):
        return x * math.sqrt(x.size(-1)) + self.lookup(x.size(1))  # says: shape 4.0


class Cached(nn.Module):
    def __init__(self):
        super().__init__()
        self.kept = None
        self.steps = 0

    def remember(self, key):
        if self.kept is None:  # says: python-state True
            self.kept = key.detach()  # says: python-state
        else:
            self.kept = torch.cat([self.kept, key], dim=1)
        self.steps += 1  # says: python-state
        return self.kept  # says: python-state

    def forward(self, x):
        return x + self.remember(x).sum(dim=1, keepdim=True)


CASES = {
    "greedy": (Greedy, lambda: (torch.tensor([[1, 2], [3, 4]]),)),
    "unrolled": (Unrolled, lambda: (torch.rand(2, 5, 4), torch.tensor([2, 3]))),
    "beam_search": (lambda: beam_search, lambda: (torch.tensor([0.5, 2.0, 1.0]),)),
    "positions": (Positions, lambda: (torch.rand(2, 3, 4),)),
    "cached": (Cached, lambda: (torch.rand(2, 3, 4),)),
}
