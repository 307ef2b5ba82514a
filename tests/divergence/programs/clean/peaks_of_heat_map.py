"""A detector's peaks by pooling and the best of each class.

Trace: Centre
Input: float32[1,2,4,4]
Harmless: indices are computed by operators of recorded sizes.
"""

import torch
import torch.nn.functional as F
from torch import nn


class Centre(nn.Module):
    k = 3

    def peaks(self, heat):
        hmax = F.max_pool2d(heat, 3, stride=1, padding=1)
        return heat * (hmax == heat).float()

    def forward(self, heat):
        b, c, h, w = heat.size()
        heat = self.peaks(heat.sigmoid())
        scores, index = heat.view(b, c, -1).topk(self.k)
        index = index % (h * w)
        ys = torch.div(index, w, rounding_mode="floor").float()
        xs = (index % w).float()
        top, which = scores.view(b, -1).topk(self.k)
        classes = torch.div(which, self.k, rounding_mode="floor")
        xs = xs.view(b, -1).gather(1, which)
        ys = ys.view(b, -1).gather(1, which)
        return top, classes, xs, ys
