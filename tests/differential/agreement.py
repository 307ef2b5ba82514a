"""What a single comparison found, for texts and for values."""

import difflib
import math
from dataclasses import dataclass
from typing import Any, Literal

import torch

UNSIGNED = {torch.uint16: torch.int16, torch.uint32: torch.int32, torch.uint64: torch.int64}

Status = Literal["equal", "different", "failed", "skipped"]


@dataclass(frozen=True)
class Outcome:
    """One comparison: `aspect` is graph, inlined, code, run or a pass; `subject` the function's name.

    `detail` says in a line what differs or why nothing was compared; `ours` and `theirs` are the texts, kept
    when they differ. `fired` is whether libtorch's pass changed the graph.
    """

    aspect: str
    subject: str
    status: Status
    detail: str = ""
    ours: str = ""
    theirs: str = ""
    fired: bool = False

    def diff(self) -> str:
        """A unified diff from torch's text to ours."""
        lines = difflib.unified_diff(
            self.theirs.splitlines(), self.ours.splitlines(), "torch", "jitcore", lineterm="", n=2
        )
        return "\n".join(lines)


def compare_texts(aspect: str, subject: str, ours: str, theirs: str) -> Outcome:
    """Equal, or different with the first line that differs."""
    if ours == theirs:
        return Outcome(aspect, subject, "equal")
    mine, other = ours.splitlines(), theirs.splitlines()
    for number, (a, b) in enumerate(zip(mine, other, strict=False), 1):
        if a != b:
            detail = f"line {number}: torch {b.strip()!r}, jitcore {a.strip()!r}"
            break
    else:
        detail = f"torch prints {len(other)} lines, jitcore {len(mine)}"
    return Outcome(aspect, subject, "different", detail, ours, theirs)


def first_difference(ours: Any, theirs: Any, place: str) -> str | None:
    """Where two values differ and by how much; None if they are equal. Named tuples count as tuples."""
    if isinstance(theirs, torch.Tensor) and isinstance(ours, torch.Tensor):
        return _tensor_difference(ours, theirs, place)
    if isinstance(theirs, (tuple, list)) and isinstance(
        ours, type(theirs) if type(theirs) is list else tuple
    ):
        if len(ours) != len(theirs):
            return f"{place}: {len(ours)} elements, torch has {len(theirs)}"
        pairs = zip(ours, theirs, strict=True)
        parts = (first_difference(a, b, f"{place}[{i}]") for i, (a, b) in enumerate(pairs))
        return next((part for part in parts if part), None)
    if isinstance(theirs, dict) and isinstance(ours, dict):
        if list(ours) != list(theirs):
            return f"{place}: keys {list(ours)}, torch has {list(theirs)}"
        parts = (first_difference(ours[key], theirs[key], f"{place}[{key!r}]") for key in theirs)
        return next((part for part in parts if part), None)
    if type(ours) is not type(theirs):
        return f"{place}: a {type(ours).__name__}, torch has a {type(theirs).__name__}"
    both_nan = isinstance(ours, float) and math.isnan(ours) and math.isnan(theirs)
    return None if both_nan or ours == theirs else f"{place}: {ours!r}, torch has {theirs!r}"


def _tensor_difference(ours: torch.Tensor, theirs: torch.Tensor, place: str) -> str | None:
    if theirs.is_nested and ours.is_nested:
        return first_difference(list(ours.unbind()), list(theirs.unbind()), place)
    for name in ("dtype", "shape", "device", "layout", "requires_grad"):
        if getattr(ours, name) != getattr(theirs, name):
            return f"{place}: {name} {getattr(ours, name)}, torch has {getattr(theirs, name)}"
    if theirs.is_quantized:
        ours, theirs = ours.dequantize(), theirs.dequantize()
    if theirs.layout is not torch.strided:
        ours, theirs = ours.to_dense(), theirs.to_dense()
    # Types that torch stores but hardly computes with.
    if theirs.dtype is torch.complex32:
        ours, theirs = ours.to(torch.complex64), theirs.to(torch.complex64)
    elif theirs.dtype in UNSIGNED:
        ours, theirs = ours.view(UNSIGNED[theirs.dtype]), theirs.view(UNSIGNED[theirs.dtype])
    elif theirs.is_floating_point() and theirs.element_size() == 1:
        ours, theirs = ours.float(), theirs.float()
    if torch.equal(ours, theirs):
        return None
    nans = torch.zeros_like(theirs, dtype=torch.bool)
    if theirs.is_floating_point() or theirs.is_complex():
        nans = torch.isnan(theirs)
        if not torch.equal(torch.isnan(ours), nans):
            return f"{place}: not a number in other places than torch"
        if torch.equal(ours[~nans], theirs[~nans]):
            return None
    wide = torch.complex128 if theirs.is_complex() else torch.float64
    distance = (ours[~nans].to(wide) - theirs[~nans].to(wide)).abs().max().item()
    return f"{place}: up to {distance:.3g} apart"
