"""A coarse map that is brought to the size of a fine one, and added.

Trace: merged
Input: float32[1,1,2,2]
Input: float32[1,1,4,4]
Harmless: the size of another tensor is recorded as it is.
"""

import torch.nn.functional as F
from torch import Tensor


def merged(coarse: Tensor, fine: Tensor) -> Tensor:
    return fine + F.interpolate(coarse, size=fine.shape[-2:], mode="nearest")
