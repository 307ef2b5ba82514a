"""Pictures that are normalised with numbers of the data set.

Trace: normalised
Input: float32[2,3,2]
Harmless: the tensor that Python makes is the same each time.
"""

import torch
from torch import Tensor

MEAN, SPREAD = [0.4, 0.5, 0.6], [0.2, 0.2, 0.3]


def normalised(image: Tensor) -> Tensor:
    mean = torch.tensor(MEAN).view(-1, 1)
    spread = torch.as_tensor(SPREAD).view(-1, 1)
    return (image - mean) / spread
