"""Values are put into bins whose edges numpy computes from them.

Trace: binned
Input: float32[6]:0..1
Happens: the edges of the tracing input are a constant tensor.
"""

import numpy as np
import torch
from torch import Tensor


def edges_of(x: Tensor) -> np.ndarray:
    values = x.cpu().numpy()  # guilty: constant
    return np.histogram_bin_edges(values, bins=3)


def binned(x: Tensor) -> Tensor:
    edges = torch.from_numpy(edges_of(x)).float()  # also right: constant
    return torch.bucketize(x, edges)
