"""A loss whose class weights are counted in Python.

Trace: balanced_loss
Input: float32[4,3]
Input: int64[4]:0..2
Happens: the weights of the traced labels are kept for all.
"""

from collections import Counter

import torch
import torch.nn.functional as F
from torch import Tensor


def weights(labels: Tensor, classes: int) -> Tensor:
    counts = Counter(labels.tolist())  # guilty: constant
    return torch.tensor([1.0 / (1 + counts[number]) for number in range(classes)])


def balanced_loss(logits: Tensor, labels: Tensor) -> Tensor:
    return F.cross_entropy(logits, labels, weight=weights(labels, 3), reduction="sum")
