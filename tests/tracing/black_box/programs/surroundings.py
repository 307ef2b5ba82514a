"""Modes, devices, state of Python, other ways to memory, and functions that a script would not run."""

import functools

import torch
from torch import nn

COUNT = 0
KNOWN = {}


class Dropping(nn.Module):
    def __init__(self):
        super().__init__()
        self.drop = nn.Dropout(0.5)

    def forward(self, x):
        return self.drop(x)  # says: mode; randomness


class Flagged(nn.Module):
    def temperature(self):
        return 2.0 if self.training else 1.0  # says: mode True; mode

    def forward(self, x):
        followed = torch.is_grad_enabled()  # says: mode
        if followed and x.dtype == torch.float32:  # says: mode True; device-or-dtype True
            x = x * 2
        return x * self.temperature()


def counted():
    global COUNT  # noqa: PLW0603  # what the box is to see
    COUNT += 1  # says: python-state
    return COUNT * 0.5  # says: python-state


def cached(key, make):
    if key not in KNOWN:  # says: python-state True
        KNOWN[key] = make()  # says: python-state
    return KNOWN[key]  # says: python-state


def stateful(x):
    return x * counted() + cached("ones", lambda: torch.ones(2))


class Buffers(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.zeros(2))

    def forward(self, x):
        self.mean.mul_(0.9).add_(x, alpha=0.1)  # says: aliasing
        x[0] = 0  # says: aliasing
        return x - self.mean


class Detached(nn.Module):
    def clear(self, x):
        x.data.zero_()  # says: aliasing; constant

    def forward(self, x):
        y = x + 1
        self.clear(y)
        return y


class Doubled(nn.Linear):
    def __call__(self, x):
        return super().__call__(x) * 2  # says: other-method


class Around(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = Doubled(2, 2)

    def forward(self, x):
        return self.inner(x)


def in_decibels(function):
    @functools.wraps(function)
    def wrapped(x):
        return torch.log10(function(x))  # says: other-method

    return wrapped


@in_decibels
def power(x):
    return x * x


def wrapped_power(x):
    return power(x + 1)


def parsed(x):
    try:
        index = int(x.sum())  # says: branch 3
        return x[index]
    except IndexError:  # says: branch IndexError
        return x[0]


CASES = {
    "dropping": (Dropping, lambda: (torch.rand(4),)),
    "flagged": (Flagged, lambda: (torch.rand(4),)),
    "stateful": (lambda: stateful, lambda: (torch.rand(2),)),
    "buffers": (Buffers, lambda: (torch.rand(2),)),
    "detached": (Detached, lambda: (torch.rand(2),)),
    "around": (Around, lambda: (torch.rand(2),)),
    "wrapped_power": (lambda: wrapped_power, lambda: (torch.rand(2),)),
    "parsed": (lambda: parsed, lambda: (torch.tensor([1.0, 2.0]),)),
}
