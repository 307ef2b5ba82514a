"""Post-processing of a detector that returns early if no candidate is left.

Trace: postprocess
Input: float32[6,5]:0.3..1
Happens: traced with a picture full of objects, so a picture without one fails or gives other boxes.
"""

import torch
from torch import Tensor

NAMES = ("x", "y", "w", "h", "score")


def corners(rows: Tensor) -> Tensor:
    half = rows[:, 2:4] / 2
    return torch.cat([rows[:, :2] - half, rows[:, :2] + half], dim=1)


def suppressed(boxes: Tensor, scores: Tensor) -> Tensor:
    order = scores.argsort(descending=True)
    return boxes[order[:1]]


def postprocess(rows: Tensor) -> Tensor:
    scores = rows[:, NAMES.index("score")]
    chosen = scores > 0.25
    if not chosen.any():  # guilty: branch
        return torch.full((1, 4), -1.0)
    boxes = corners(rows)[chosen]
    return suppressed(boxes, scores[chosen])
