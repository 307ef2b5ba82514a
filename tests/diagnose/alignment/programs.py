"""Programs that are traced and scripted, each for something that a trace and a script have otherwise."""

import torch
from torch import Tensor, nn


def one_arm(x: Tensor) -> Tensor:
    if bool(x.sum() > 0):
        y = torch.relu(x)
    else:
        y = torch.tanh(x)
    return torch.sigmoid(y)


def arms_in_an_arm(x: Tensor) -> Tensor:
    if bool(x.sum() > 0):
        y = torch.relu(x)
    else:
        y = torch.tanh(x)
        if bool(x.min() < -5):
            y = torch.exp(y)
        elif bool(x.max() > 5):
            y = torch.cos(y)
    return torch.sigmoid(y)


def arms_of_one_line(x: Tensor) -> Tensor:
    return torch.mul(x, 2) if bool(x.sum() > 0) else torch.mul(x, 3)


def empty_arm(x: Tensor) -> Tensor:
    if bool(x.sum() < 0):
        x = torch.relu(x)
    return torch.exp(x)


def counted(x: Tensor) -> Tensor:
    for step in range(x.size(0)):
        x = torch.sin(x) + step
    return x


def nested(x: Tensor) -> Tensor:
    for _ in range(x.size(0)):
        x = torch.sin(x)
        for _ in range(x.size(1)):
            x = torch.cos(x)
        x = torch.exp(x)
    return x


def arms_in_turns(x: Tensor) -> Tensor:
    for step in range(4):
        if step % 2 == 0:
            x = torch.sin(x)
        else:
            x = torch.cos(x)
    return x


def never_entered(x: Tensor) -> Tensor:
    while bool(x.sum() < 0):
        x = torch.sin(x)
    return torch.exp(x)


def doubled(x: Tensor) -> Tensor:
    return torch.add(x, x)


def calls(x: Tensor) -> Tensor:
    y = doubled(x)
    return torch.mul(doubled(y), y)


def item(x: Tensor) -> Tensor:
    return x * int(x.max().item())


def size(x: Tensor) -> Tensor:
    return x.reshape(x.size(0) * 2, -1)


class Layers(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(1, 2, 3)
        self.norm = nn.BatchNorm2d(2)
        self.layers = nn.ModuleList([nn.Conv2d(2, 2, 1), nn.Conv2d(2, 2, 1)])

    def forward(self, x: Tensor) -> Tensor:
        x = self.norm(self.first(x))
        for layer in self.layers:
            x = torch.relu(layer(x))
        return x


class Spread(nn.Module):
    """Expressions over several lines, which a tracer and a script give different lines."""

    def forward(self, x: Tensor) -> Tensor:
        rows, columns = x.shape
        y = (
            x.reshape(rows, columns)
            .transpose(0, 1)
            .softmax(
                dim=-1,
            )
        )
        return torch.cat(
            (y, y),
            dim=0,
        )


def scaled(x: Tensor) -> Tensor:
    width = 3
    return (width * width) * x
