"""Class labels that are checked with an assert before they become rows of a one-hot table.

Trace: smooth_labels
Input: int64[3]:0..4
Happens: eager refuses labels out of range, the trace answers with rows that sum to less than one.
"""

import torch
from torch import Tensor

CLASSES = 5


def one_hot(labels: Tensor) -> Tensor:
    assert int(labels.max()) < CLASSES, "label out of range"  # guilty: branch
    return (labels.unsqueeze(-1) == torch.arange(CLASSES)).float()


def smooth_labels(labels: Tensor) -> Tensor:
    return one_hot(labels) * 0.9 + 0.1 / CLASSES
