"""Syntax that TorchScript does not have."""

from typing import Dict, List

import torch
from torch import Tensor

from tests.differential.corpus.language.programs import Programs

programs = Programs()
COUNT = 0


@programs.script()
def global_statement(x):
    global COUNT
    COUNT = 1
    return x


@programs.script()
def try_block(x):
    try:
        return x + 1
    except ValueError:
        return x
