"""Watches what Python reads of tensors while a program runs, and by how much a comparison was decided.

A mode of torch's function protocol sees every call that Python makes with a tensor: comparisons are
remembered
with how far apart their sides were, and where the program reads a truth or a number of it this is noted at
the
line of the person's own file. What is noted keeps its history for autograd, so that an input can be solved
for.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, Final

import numpy as np
import torch
from torch.overrides import TorchFunctionMode

from jitcore.tracing import active, python_calls
from jitcore.tracing.black_box.own_files import is_own_file

_MOST_READS: Final = 2_000

Spot = tuple[CodeType, int]
"""A place of a program: its code, and which instruction of it."""


@dataclass
class NumberRead:
    """A truth or number of a tensor that Python read.

    Attributes:
        spot: the instruction of the person's own file that was running.
        is_truth: whether it was read as a truth.
        value: what was read.
        source: a number, still part of the program for autograd, that decides it: of a truth positive where
        it
            is true; None where nothing is known.
    """

    spot: Spot
    is_truth: bool
    value: Any
    source: torch.Tensor | None


class ReadWatch(TorchFunctionMode):
    """Attributes: `reads` of single numbers in their order; `values`, all that each spot read; `of_sizes`,
    the spots that read, in a trace, what was computed of sizes alone; `of_buffers`, what was computed of
    parameters and buffers alone.

    With `answers` a spot reads what it is given there, in order, and not what is so.
    """

    def __init__(self, answers: dict[Spot, list[Any]] | None = None) -> None:
        super().__init__()
        self.reads: list[NumberRead] = []
        self.values: dict[Spot, list[Any]] = {}
        self.of_sizes: set[Spot] = set()
        self.of_buffers: set[Spot] = set()
        self._answers = {spot: list(values) for spot, values in (answers or {}).items()}
        self._margins: dict[int, tuple[torch.Tensor, torch.Tensor]] = {}

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Answer the call as it is, and note it."""
        result = func(*args, **(kwargs or {}))
        name = getattr(func, "__name__", "")
        if name in _SIGNS and len(args) == 2 and isinstance(result, torch.Tensor):
            self._note_comparison(_SIGNS[name], args, result)
        elif name in _KEPT and isinstance(result, torch.Tensor) and args:
            self._note_reduction(name, args, result)
        elif name in _LEAVING and args and isinstance(args[0], torch.Tensor):
            return self._note_read(name, args[0], result)
        return result

    def _note_comparison(self, sign: float, args: tuple[Any, ...], result: torch.Tensor) -> None:
        one, other = args
        if isinstance(one, torch.Tensor) and one.dtype is torch.bool:
            return
        margin = (one - other) * sign if sign else (one - other).abs() * -1.0
        self._margins[id(result)] = (result, margin)

    def _note_reduction(self, name: str, args: tuple[Any, ...], result: torch.Tensor) -> None:
        """What becomes of margins where truths are combined."""
        first = self._margin_of(args[0])
        if first is None:
            return
        margin: torch.Tensor | None = None
        if name in ("any", "all") and len(args) == 1 and first.numel():
            margin = first.max() if name == "any" else first.min()
        elif name in ("logical_not", "bitwise_not", "__invert__"):
            margin = -first
        elif len(args) == 2:
            other = self._margin_of(args[1])
            if other is not None:
                both = name in ("logical_and", "__and__", "bitwise_and")
                margin = torch.minimum(first, other) if both else torch.maximum(first, other)
        elif name in ("sum", "count_nonzero", "float", "mean", "item") and first.numel():
            # How many are true: moved by what is nearest to changing.
            margin = first.sum()
        if margin is not None:
            self._margins[id(result)] = (result, margin)

    def _note_read(self, name: str, tensor: torch.Tensor, result: Any) -> Any:
        frame = _reader(name)
        if frame is None:
            return result
        spot = frame.f_code, frame.f_lasti
        seen = self.values.setdefault(spot, [])
        if name in _SHAPES or _is_of_sizes(tensor):
            self.of_sizes.add(spot)
        elif _is_of_buffers(tensor):
            self.of_buffers.add(spot)
        if len(seen) < _MOST_READS:
            seen.append(result)
        answers = self._answers.get(spot)
        if answers and len(seen) <= len(answers):
            return answers[len(seen) - 1]
        if name in _READING and tensor.numel() == 1 and len(self.reads) < _MOST_READS:
            margin = self._margin_of(tensor)
            if margin is None and tensor.dtype is not torch.bool:
                margin = tensor
            source = None if margin is None or margin.numel() != 1 else margin
            self.reads.append(NumberRead(spot, isinstance(result, bool), result, source))
        return result

    def _margin_of(self, truth: Any) -> torch.Tensor | None:
        found = self._margins.get(id(truth))
        return None if found is None or found[0] is not truth else found[1]


_SIGNS: Final[dict[str, float]] = {
    "gt": 1.0, "__gt__": 1.0, "ge": 1.0, "__ge__": 1.0, "greater": 1.0, "greater_equal": 1.0,
    "lt": -1.0, "__lt__": -1.0, "le": -1.0, "__le__": -1.0, "less": -1.0, "less_equal": -1.0,
    "eq": 0.0, "__eq__": 0.0,
}  # fmt: skip
"""Comparisons, and with which sign the difference of their sides makes them true; 0 where its absence
does."""

_KEPT: Final = frozenset((
    "any", "all", "logical_not", "bitwise_not", "__invert__", "logical_and", "logical_or", "__and__",
    "__or__",
    "bitwise_and", "bitwise_or", "sum", "count_nonzero", "float", "mean",
))  # fmt: skip
_READING: Final = frozenset(("__bool__", "__int__", "__float__", "__index__", "item", "tolist"))
_LEAVING: Final = _READING | {"numpy", "__len__", "dim", "__array__", "__complex__"}
"""Functions that give Python something that is no tensor."""


_CALLING: Final = (__file__, python_calls.__file__)
"""Files of ours through which a call of the program comes here; others ask for purposes of their own."""


def _reader(name: str) -> FrameType | None:
    """The person's frame that reads, itself or through a library; None where it is we who ask."""
    frame = inspect.currentframe()
    while frame is not None:
        file = frame.f_code.co_filename
        if is_own_file(file):
            return frame
        if name in _SHAPES and frame.f_code.co_name == "_size":
            # The tracer makes the numbers of a shape.
            return None
        if file not in _CALLING and (
            file.startswith(_CORE) or (name in _SHAPES and not file.endswith("_tensor.py"))
        ):
            return None
        frame = frame.f_back
    return None


_SHAPES: Final = ("dim", "__len__")
"""What libraries ask all the time, to check what they are given."""

_CORE: Final = str(Path(python_calls.__file__).parents[1])


def _is_of_sizes(tensor: torch.Tensor) -> bool:
    """Whether a number of a trace is computed of lengths of dimensions and of constants, and of nothing
    else."""
    state = active.state()
    if state is None or tensor.dim():
        return False
    value = state.tensors.get(tensor)
    pending = [] if value is None else [value]
    found = False
    for _ in range(_MOST_NODES):
        if not pending:
            return found
        node = pending.pop().node
        if node.kind in ("aten::size", "aten::numel", "aten::dim", "aten::len"):
            found = True
        elif node.kind == "prim::Param":
            return False
        else:
            pending.extend(node.inputs)
    return False


def _is_of_buffers(tensor: torch.Tensor) -> bool:
    """Whether a tensor of a trace is computed of what the module holds, and of no input."""
    state = active.state()
    value = None if state is None else state.tensors.get(tensor)
    pending = [] if value is None else [value]
    found = False
    for _ in range(_MOST_NODES):
        if not pending:
            return found
        node = pending.pop().node
        if node.kind == "prim::TracedAttr":
            found = True
        elif node.kind == "prim::Param":
            return False
        else:
            pending.extend(node.inputs)
    return False


_MOST_NODES: Final = 200
"""Nodes between a number and the sizes that it is computed of."""


def same_values(one: list[Any], other: list[Any]) -> bool:
    """Whether two lists of what was read are equal; NaN is NaN."""
    return len(one) == len(other) and all(map(_same, one, other))


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        first, second = np.asarray(one), np.asarray(other)
        return (
            first.shape == second.shape
            and first.dtype == second.dtype
            and first.tobytes() == second.tobytes()
        )
    return type(one) is type(other) and (one == other or repr(one) == repr(other))
