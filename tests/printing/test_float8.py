"""Bytes of float8 types stand for the numbers that torch says."""

import math

import torch

from jitcore.printing.float8 import FLOAT8, float8_elements


def test_every_byte_of_every_type():
    for name in FLOAT8:
        held = torch.arange(256, dtype=torch.uint8).view(getattr(torch, name)).float().tolist()
        given = float8_elements(name, range(256))
        assert len(given) == 256
        for a, b in zip(given, held, strict=True):
            assert (math.isnan(a) and math.isnan(b)) or (
                a == b and math.copysign(1, a) == math.copysign(1, b)
            )
