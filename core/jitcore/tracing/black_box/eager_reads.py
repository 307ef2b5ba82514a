"""Notes what Python learns of tensors while a program runs without a trace."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import torch
from torch.overrides import TorchFunctionMode

from jitcore.tracing.black_box.tensor_origins import TensorOrigins
from jitcore.tracing.black_box.torch_reads import EAGER_KINDS
from jitcore.tracing.places import program_frame

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.tracing.black_box.recording import Recording


class EagerReads(TorchFunctionMode):
    """The mode that torch asks before Python's calls of it reach C++."""

    def __init__(self, recording: Recording) -> None:
        super().__init__()
        self._tensor_reads = recording.tensor_reads
        recording.tensor_reads.origins = TensorOrigins(None)

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Have torch answer, and note what was asked."""
        result = func(*args, **(kwargs or {}))
        asked = EAGER_KINDS.get(func)
        if asked is not None and args and isinstance(args[0], torch.Tensor):
            frame = program_frame(inspect.currentframe())
            self._tensor_reads.note(*asked, args[0], result, frame)
        return result
