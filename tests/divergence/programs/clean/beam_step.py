"""One step of a beam search.

Trace: step
Input: float32[2,2,4]
Input: float32[2,2]
Harmless: the width of the beam is a number of the model, the vocabulary a recorded size.
"""

from torch import Tensor

WIDTH = 2


def step(logits: Tensor, scores: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    vocabulary = logits.size(-1)
    joined = (scores.unsqueeze(-1) + logits.log_softmax(dim=-1)).flatten(1)
    best, flat = joined.topk(WIDTH, dim=1)
    return best, flat // vocabulary, flat % vocabulary
