"""A detector's post-processing that returns a dummy box where nothing scored high enough.

Trace: postprocess
Input: float32[5,4]:0..1
Input: float32[5]:0.6..1
Happens: traced with boxes that are kept, so an image without any gives an empty result.
"""

import torch
from torch import Tensor

THRESHOLD = 0.5


def as_corners(boxes: Tensor) -> Tensor:
    center, size = boxes[:, :2], boxes[:, 2:]
    return torch.cat([center - size / 2, center + size / 2], dim=1)


def keep_confident(boxes: Tensor, scores: Tensor) -> tuple[Tensor, Tensor]:
    keep = scores > THRESHOLD
    return boxes[keep], scores[keep]


def fall_back(boxes: Tensor, scores: Tensor) -> tuple[Tensor, Tensor]:
    if scores.numel() == 0:  # guilty: branch
        return torch.zeros(1, 4), torch.zeros(1)
    return boxes, scores


def postprocess(boxes: Tensor, scores: Tensor) -> tuple[Tensor, Tensor]:
    boxes = as_corners(boxes)
    boxes, scores = keep_confident(boxes, scores)
    boxes, scores = fall_back(boxes, scores)
    order = scores.argsort(descending=True)
    return boxes[order], scores[order]
