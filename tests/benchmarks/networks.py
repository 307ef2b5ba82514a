"""Networks that are traced: deep ones with few numbers in them, so that tracing is what takes time."""

import torch
from torch import nn


class Bottleneck(nn.Module):
    """Three convolutions beside a way around."""

    def __init__(self, given: int, width: int, stride: int):
        super().__init__()
        made = 4 * width
        self.layers = nn.Sequential(
            nn.Conv2d(given, width, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
            nn.Conv2d(width, width, 3, stride, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
            nn.Conv2d(width, made, 1, bias=False),
            nn.BatchNorm2d(made),
        )
        self.shortcut = None
        if given != made or stride != 1:
            self.shortcut = nn.Sequential(nn.Conv2d(given, made, 1, stride, bias=False), nn.BatchNorm2d(made))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        around = x if self.shortcut is None else self.shortcut(x)
        return torch.relu(self.layers(x) + around)


class ResidualNetwork(nn.Module):
    """50 layers: 16 bottlenecks in four stages, with what is before and behind."""

    def __init__(self, width: int = 8):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, width, 7, 2, 3), nn.BatchNorm2d(width), nn.ReLU())
        blocks: list[nn.Module] = []
        given = width
        for stage, count in enumerate((3, 4, 6, 3)):
            for number in range(count):
                stride = 2 if stage and not number else 1
                blocks.append(Bottleneck(given, width << stage, stride))
                given = 4 * (width << stage)
        self.blocks = nn.ModuleList(blocks)
        self.head = nn.Linear(given, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.stem(x)
        for block in self.blocks:
            x = block(x)
        return self.head(x.mean(dim=(2, 3)))


class Layer(nn.Module):
    """Attention of several heads, and what follows it."""

    def __init__(self, width: int, heads: int):
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
        self.out = nn.Linear(width, width)
        self.first, self.second = nn.LayerNorm(width), nn.LayerNorm(width)
        self.wide, self.narrow = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.dropout = nn.Dropout(0.1)

    def split(self, x: torch.Tensor) -> torch.Tensor:
        batch, length, width = x.shape
        return x.view(batch, length, self.heads, width // self.heads).transpose(1, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        given = self.first(x)
        query, key, value = (self.split(layer(given)) for layer in (self.query, self.key, self.value))
        weights = (query @ key.transpose(-1, -2) / query.size(-1) ** 0.5).softmax(dim=-1)
        batch, heads, length, size = query.shape
        joined = (self.dropout(weights) @ value).transpose(1, 2).reshape(batch, length, heads * size)
        x = x + self.out(joined)
        return x + self.dropout(self.narrow(torch.relu(self.wide(self.second(x)))))


class Transformer(nn.Module):
    """12 layers."""

    def __init__(self, width: int = 32, depth: int = 12):
        super().__init__()
        self.layers = nn.ModuleList(Layer(width, 4) for _ in range(depth))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.layers:
            x = layer(x)
        return x
