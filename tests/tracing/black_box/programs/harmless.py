"""Decisions by configuration, parameters and constants: all of them are noted, and none is suspected."""

import torch
from torch import nn

ACTIVATIONS = {"relu": torch.relu, "tanh": torch.tanh}


class Block(nn.Module):
    def __init__(self, width, activation="relu", depth=2, residual=True):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(width, width) for _ in range(depth))
        self.activation = activation
        self.residual = residual
        self.norm = nn.BatchNorm1d(width)
        self.dropout = nn.Dropout(0.5)

    def forward(self, x):
        start = x
        for number, layer in enumerate(self.layers):
            if layer.bias is not None and number > 0:
                x = x * 1.5
            x = ACTIVATIONS[self.activation](layer(x))
        if self.residual and self.layers[0].weight.shape[0] == self.layers[0].weight.shape[1]:
            x = x + start
        assert isinstance(x, torch.Tensor)
        return self.dropout(self.norm(x))


class Heads(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv = nn.Linear(4, 12)
        self.count = 2

    def forward(self, x):
        batch, length, width = x.shape
        parts = self.qkv(x).chunk(3, dim=-1)
        query, key, value = (
            part.view(batch, length, self.count, width // self.count).transpose(1, 2) for part in parts
        )
        weights = (query @ key.transpose(-1, -2)).softmax(dim=-1)
        return (weights @ value).transpose(1, 2).reshape(batch, length, width)


class Local(nn.Module):
    """Lists, dicts and objects that live as long as a call."""

    def forward(self, x):
        parts = []
        found = {"first": x}
        for factor in (1, 2, 3):
            parts.append(x * factor)
            found[factor] = parts[-1]
        return torch.cat(parts) + found["first"].sum()


CASES = {
    "block": (lambda: Block(4).eval(), lambda: (torch.rand(2, 4),)),
    "heads": (Heads, lambda: (torch.rand(2, 3, 4),)),
    "local": (Local, lambda: (torch.rand(2, 4),)),
}
