"""Programs as people write them for their research: decoding, detection, sequences, tokenizers, as TorchScript refuses them."""

import math
from typing import Dict, List, NamedTuple, Optional, Tuple, Union
import torch
import torch.nn.functional as F
from torch import Tensor
from tests.differential.corpus.language.programs import Programs

programs = Programs()
X = torch.linspace(-1, 1, 12).reshape(3, 4)


@programs.script((torch.tensor([[0.1, 0.9], [0.6, 0.4], [0.3, 0.7]]).log(), 2))
def beam_search(logits: Tensor, width: int) -> List[Tuple[List[int], float]]:
    beams: List[Tuple[List[int], float]] = [([], 0.0)]
    for t in range(logits.size(0)):
        grown: List[Tuple[List[int], float]] = []
        for tokens, score in beams:
            for v in range(logits.size(1)):
                grown.append((tokens + [v], score + float(logits[t, v].item())))
        scores = torch.tensor([float(g[1]) for g in grown])
        best: List[int] = scores.topk(min(width, len(grown))).indices.tolist()
        beams = [grown[i] for i in best]
    return beams
