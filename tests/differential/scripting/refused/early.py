"""Functions that leave early: from branches, from loops, with values of all kinds, as TorchScript refuses them."""

from enum import Enum
from typing import Any, Dict, List, NamedTuple, Optional, Tuple, Union
import torch
from torch import Tensor
from tests.differential.corpus.language.programs import Programs

programs = Programs()
X = torch.linspace(-1, 1, 12).reshape(3, 4)


@programs.script((1,))
def loops_9(n: int) -> int:
    a: Any = 3
    while n < 3:
        n += 1
        assert isinstance(a, str)
    return 2
