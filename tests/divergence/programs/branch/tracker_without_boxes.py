"""A tracker that updates its boxes only where any detection overlaps one of them.

Trace: Tracker
Input: float32[3,4]:5..6
Input: float32[2,4]
Happens: there were overlaps while tracing.
"""

import torch
from torch import Tensor, nn


class Association:
    minimum = 0.5

    def overlaps(self, detections: Tensor, tracks: Tensor) -> Tensor:
        return (detections.unsqueeze(1) - tracks.unsqueeze(0)).mean(dim=-1)

    def matched(self, detections: Tensor, tracks: Tensor) -> Tensor | None:
        scores = self.overlaps(detections, tracks)
        best = scores.max(dim=0)
        if (best.values < self.minimum).all():  # guilty: branch
            return None
        return detections[best.indices]


class Tracker(nn.Module):
    def __init__(self):
        super().__init__()
        self.association = Association()
        self.blend = nn.Parameter(torch.tensor(0.3))

    def forward(self, detections: Tensor, tracks: Tensor) -> Tensor:
        matched = self.association.matched(detections, tracks)
        return tracks if matched is None else torch.lerp(tracks, matched, self.blend)
