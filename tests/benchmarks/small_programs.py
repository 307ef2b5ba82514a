"""Twelve programs of small operators: what a run costs beside its kernels."""

from __future__ import annotations

from typing import Any

import torch


class Counter(torch.nn.Module):
    """Attributes that are read and written."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        self.scale = 1.5

    def forward(self, n: int) -> float:
        total = 0.0
        for _ in range(n):
            self.count += 1
            total += self.scale * self.count
        return total


def tensors_of_eight(x: torch.Tensor, n: int) -> torch.Tensor:
    for _ in range(n):
        x = torch.tanh(x * 0.5 + x)
    return x


def scalars(n: int) -> int:
    total = 0
    for i in range(n):
        if i % 3 == 0:
            total += i * 2
        else:
            total -= i // 2
    return total


def floats(n: int) -> float:
    total = 0.0
    for i in range(n):
        total = total * 0.5 + float(i) / 3.0
    return total


def lists(n: int) -> int:
    values: list[int] = []
    for i in range(n):
        values.append(i)
    total = 0
    for value in values:
        total += value
    return total + len(values)


def dicts(n: int) -> int:
    counts: dict[int, int] = {}
    for i in range(n):
        key = i % 17
        if key in counts:
            counts[key] += 1
        else:
            counts[key] = 1
    return counts[3]


def strings(n: int) -> int:
    text = ""
    length = 0
    for i in range(n):
        text = "value " + str(i)
        if text.endswith("7"):
            length += len(text)
    return length


def tuples(n: int) -> tuple[int, float]:
    pair = (0, 0.0)
    for i in range(n):
        a, b = pair
        pair = (a + i, b + 0.5)
    return pair


def _step(a: int, b: int) -> int:
    return a + b if a < b else a - b


def calls(n: int) -> int:
    value = 1
    for i in range(n):
        value = _step(value, i)
    return value


def ifs(x: torch.Tensor, n: int) -> torch.Tensor:
    for i in range(n):
        if i % 2 == 0 and i > 3:
            x = x + 1
        elif i % 5 == 0:
            x = x - 1
    return x


def while_loop(n: int) -> int:
    steps = 0
    value = n
    while value != 1 and steps < 100_000:
        value = value // 2 if value % 2 == 0 else 3 * value + 1
        steps += 1
    return steps


def checks(n: int) -> int:
    total = 0
    for i in range(n):
        assert i >= 0, "a count is negative"
        if i > 1_000_000:
            raise ValueError("too many")
        total += i
    return total


def programs() -> dict[str, tuple[Any, tuple[Any, ...]]]:
    """Scripted programs by what they are made of, and their arguments."""
    eight = torch.linspace(-1, 1, 8)
    functions = {
        "tensors of 8 floats": (tensors_of_eight, (eight, 2_000)),
        "scalars": (scalars, (20_000,)),
        "floats": (floats, (20_000,)),
        "lists": (lists, (20_000,)),
        "dicts": (dicts, (10_000,)),
        "strings": (strings, (10_000,)),
        "tuples": (tuples, (20_000,)),
        "calls": (calls, (20_000,)),
        "ifs": (ifs, (eight, 10_000)),
        "while": (while_loop, (837_799,)),
        "checks": (checks, (20_000,)),
    }
    found: dict[str, tuple[Any, tuple[Any, ...]]] = {
        name: (torch.jit.script(function), given) for name, (function, given) in functions.items()
    }
    found["attributes"] = torch.jit.script(Counter()), (20_000,)
    return found
