"""torch, for what its type stubs do not tell of it."""

from __future__ import annotations

from typing import Any, Final

import torch

TORCH: Final[Any] = torch
"""The module: its registries of overloads, dispatched functions and the like are read through this."""
