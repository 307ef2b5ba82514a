"""The kinds of elements whose bytes a golden file holds."""

from __future__ import annotations

from typing import Final

import torch

ELEMENTS: Final = {
    str(kind).removeprefix("torch."): kind
    for kind in (
        torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.complex128, torch.complex64,
        torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool,
    )
}  # fmt: skip
"""By their names in the file."""
