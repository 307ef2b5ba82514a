"""A long recording that is cut into chunks, each of which is centred by itself.

Trace: centred
Input: float32[6,2]
Happens: `split` gave three chunks while tracing, and the trace unpacks three for ever.
"""

import torch
from torch import Tensor

CHUNK = 2


def centre(chunk: Tensor) -> Tensor:
    return chunk - chunk.mean(dim=0)


def centred(x: Tensor) -> Tensor:
    pieces = []
    for chunk in x.split(CHUNK):  # guilty: loop-count
        pieces.append(centre(chunk))
    return torch.cat(pieces)
