"""A frozen dataclass of configuration decides everything: a match, a walrus, `any`, a partial, a property.

Trace: Built
Input: float32[2,4]
Harmless: no input is asked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class Config:
    activation: str = "leaky"
    slope: float = 0.2
    widths: tuple[int, ...] = (4, 8, 2)

    @property
    def is_deep(self) -> bool:
        return any(width > 6 for width in self.widths)

    def function(self) -> Callable[[Tensor], Tensor]:
        match self.activation:
            case "leaky":
                return partial(F.leaky_relu, negative_slope=self.slope)
            case "gelu":
                return F.gelu
            case other:
                raise ValueError(other)


class Built(nn.Module):
    def __init__(self):
        super().__init__()
        self.config = Config()
        pairs = zip(self.config.widths, self.config.widths[1:])
        self.layers = nn.ModuleList(nn.Linear(*pair) for pair in pairs)

    def forward(self, x: Tensor) -> Tensor:
        function = self.config.function()
        for layer in self.layers:
            x = function(layer(x))
        if (slope := self.config.slope) > 0.1 and self.config.is_deep:
            x = x * slope
        return x
