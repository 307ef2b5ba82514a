"""Programs that the comparison saves with torch at test time: what real archives use most, each small."""

from typing import Any, NamedTuple

import torch
from torch import Tensor, nn


class Perceptron(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Dropout(0.1), nn.Linear(16, 4))

    def forward(self, x: Tensor) -> Tensor:
        return torch.softmax(self.layers(x), dim=-1)


class ConvolutionAndNorm(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, padding=1)
        self.norm = nn.BatchNorm2d(4)
        self.pool = nn.AdaptiveAvgPool2d((1, 1))

    def forward(self, x: Tensor) -> Tensor:
        return torch.flatten(self.pool(torch.relu(self.norm(self.conv(x)))), 1)


class Layers(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.blocks = nn.ModuleList([nn.Linear(8, 8) for _ in range(3)])
        self.named = nn.ModuleDict({"first": nn.Tanh(), "second": nn.Sigmoid()})

    def forward(self, x: Tensor) -> Tensor:
        for index, block in enumerate(self.blocks):
            x = block(x) + index
        for _, module in self.named.items():
            x = module(x)
        return x


class Counter(nn.Module):
    count: int
    seen: list[int]

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        self.seen = []
        self.register_buffer("total", torch.zeros(8))

    def forward(self, x: Tensor) -> tuple[Tensor, int]:
        self.count += 1
        self.seen.append(x.size(0))
        self.total += x.sum(0)
        return self.total, self.count + len(self.seen)

    @torch.jit.export
    def reset(self) -> None:
        self.count = 0
        self.seen.clear()


class Point(NamedTuple):
    x: Tensor
    y: Tensor


class Named(nn.Module):
    def forward(self, x: Tensor) -> Point:
        halves = torch.chunk(x, 2, dim=1)
        point = Point(halves[0], y=halves[1])
        return Point(point.y, point.x + point.y)


class Box:
    def __init__(self, low: int, high: int) -> None:
        self.low = low
        self.high = high

    def width(self) -> int:
        return self.high - self.low

    def holds(self, value: int) -> bool:
        return self.low <= value and value < self.high


class UsesClass(nn.Module):
    def forward(self, x: Tensor, value: int) -> Tensor:
        box = Box(1, 5)
        box.high += 2
        return x * box.width() if box.holds(value) else x


def branches(x: Tensor, n: int) -> Tensor:
    if n > 2 and bool(x.sum() > 0):
        y = x + 1
    elif n == 0 or not bool(x.any()):
        return x
    else:
        y = x - 1
        n = n + 1
    return y * n


def loops(x: Tensor, n: int) -> tuple[Tensor, int]:
    steps = 0
    while bool(x.abs().max() > 0.1):
        x = x / 2
        steps += 1
        if steps > n:
            break
    for i in range(n):
        if i % 2 == 0:
            continue
        for j in range(i):
            x = x + i * j
    return x, steps


def early_return(x: Tensor, n: int) -> int:
    for i in range(n):
        if i * i > n:
            return i
    return -1


def containers(x: Tensor, n: int) -> dict[str, list[int]]:
    numbers = [i * 2 for i in range(n)]
    numbers.append(n)
    numbers.sort(reverse=True)
    table: dict[str, list[int]] = {"numbers": numbers[1:], "shape": x.size()}
    table["last"] = [numbers[-1], len(table)]
    for name, values in table.items():
        if "a" in name:
            values.reverse()
    return table


def optional(x: Tensor, n: int, scale: float | None = None) -> Tensor:
    if scale is None:
        factor = 2.0
    else:
        factor = scale + 1
    other: Tensor | None = x if n > 1 else None
    assert other is not None, "n must be more than one"
    return other * factor


def strings(x: Tensor, n: int) -> str:
    text = "{} of {}".format(n, x.dim())
    if text.startswith("3"):
        text = text.upper() + "!"
    return "%s: %d" % (text, len(text))


def numbers(x: Tensor, n: int) -> list[float]:
    a = 7 // n
    b = -7 % n
    c = 7 / n
    d = float(n) ** 2
    return [float(a), float(b), c, d, float(int(c) << 2), float(min(a, b)), float(abs(b) | 8), round(c)]


def indexing(x: Tensor, n: int) -> Tensor:
    y = x.clone()
    y[0] = 1.0
    y[:, 1:3] += n
    y[..., -1] = y[:, 0]
    return torch.cat([y[None, :, ::2], x[[0, 1]][:, :4].unsqueeze(0)], dim=0)


def any_values(x: Tensor, n: int) -> Tensor:
    value: Any = n if n > 2 else x
    if isinstance(value, int):
        return x + value
    elif isinstance(value, Tensor):
        return value
    return torch.zeros_like(x)


def inner(x: Tensor, factor: float = 0.5) -> Tensor:
    return x * factor


def calls(x: Tensor, n: int) -> Tensor:
    return inner(inner(x), factor=float(n))


def guarded(x: Tensor, n: int) -> Tensor:
    with torch.no_grad():
        y = x * 2
    if n < 0:
        raise ValueError(f"n must not be negative, got {n}")
    return y.to(torch.float64).type_as(x).detach()


def folds(x: Tensor, n: int) -> Tensor:
    size = [2 * 4, -1]
    if len(size) == 2:
        y = x.reshape(size[1], size[0] // 2 + 4)
    else:
        y = x
    unused = y + n
    z = (y * 1 + 0) + torch.zeros([8]) + torch.zeros([8])
    return z if True else unused


def repeats(x: Tensor, n: int) -> tuple[Tensor, Tensor]:
    a = torch.tanh(x) * n
    b = torch.tanh(x) * n
    a.add_(1)
    return a + b, torch.tanh(x)


def pairs(x: Tensor, n: int) -> Tensor:
    pair = (x, (n, 2.0))
    for _ in range(2):
        pair = (pair[0] + pair[1][0], (pair[1][0] + 1, 2.0))
    first, rest = pair
    return first * rest[1]


def hypotenuse(x: Tensor) -> Tensor:
    y = torch.einsum("ij,ij->i", x, x)
    return torch.where(y > 0, y.sqrt(), y).contiguous().view(-1, 1)


SCRIPTED_MODULES = (Perceptron, ConvolutionAndNorm, Layers, Counter, Named, UsesClass)
SCRIPTED_FUNCTIONS = (
    branches, loops, early_return, containers, optional, strings, numbers, indexing, any_values, calls,
    guarded, folds, repeats, pairs,
)  # fmt: skip
TRACED = (
    (Perceptron, "float32[2,8]"),
    (ConvolutionAndNorm, "float32[1,3,8,8]"),
    (Layers, "float32[2,8]"),
    (hypotenuse, "float32[4,8]"),
)
