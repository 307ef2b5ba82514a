"""An anchor is looked for with a `while` that asks a tensor, in a helper of a helper.

Trace: Matcher
Input: float32[2,2]:0..0.5
Happens: the first anchor was large enough for the traced boxes.
"""

import torch
from torch import Tensor, nn


class Anchors:
    sizes = (1.0, 3.0, 7.0)

    def covers(self, number: int, boxes: Tensor) -> bool:
        return bool((boxes <= self.sizes[number]).all())  # also right: branch or loop-count

    def smallest_for(self, boxes: Tensor) -> int:
        number = 0
        while not self.covers(number, boxes) and number < len(self.sizes) - 1:  # guilty: loop-count or branch
            number += 1
        return number


class Matcher(nn.Module):
    def __init__(self):
        super().__init__()
        self.anchors = Anchors()
        self.embedding = nn.Embedding(3, 2)

    def forward(self, boxes: Tensor) -> Tensor:
        number = self.anchors.smallest_for(boxes)
        return boxes / self.anchors.sizes[number] + self.embedding(torch.tensor(number))
