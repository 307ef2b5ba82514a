"""Operators of torchvision in Python, where its library of C++ does not fit the installed torch.

torchvision can then be imported, and its models for detection run. The schemas are those of its library.
"""

import contextlib
import importlib.util
import sys
from functools import cache

import torch
from torch import Tensor

_SCHEMAS = (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    (
        "roi_align(Tensor input, Tensor rois, float spatial_scale, SymInt pooled_height, "
        "SymInt pooled_width, int sampling_ratio, bool aligned) -> Tensor"
    ),
)


def _suppressed(boxes: Tensor, scores: Tensor, threshold: float) -> Tensor:
    """The boxes that overlap none with a higher score by more than `threshold`, best first."""
    order = scores.argsort(descending=True, stable=True)
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    kept: list[int] = []
    for place in order.tolist():
        corner = torch.maximum(boxes[kept, :2], boxes[place, :2])
        opposite = torch.minimum(boxes[kept, 2:], boxes[place, 2:])
        shared = (opposite - corner).clamp(min=0).prod(dim=1)
        if not bool((shared > threshold * (areas[kept] + areas[place] - shared)).any()):
            kept.append(place)
    return torch.tensor(kept, dtype=torch.int64)


def _pooled(
    features: Tensor, boxes: Tensor, scale: float, height: int, width: int, ratio: int, aligned: bool
) -> Tensor:
    """The value in the middle of each part of each box: no real pooling, but it tells boxes apart."""
    offset = 0.5 if aligned else 0.0
    corners = boxes[:, 1:] * scale - offset
    steps = [(torch.arange(count) + 0.5) / count for count in (height, width)]
    tops = corners[:, 1, None] + steps[0] * (corners[:, 3] - corners[:, 1])[:, None]
    lefts = corners[:, 0, None] + steps[1] * (corners[:, 2] - corners[:, 0])[:, None]
    rows = tops.round().long().clamp(0, features.shape[2] - 1)
    columns = lefts.round().long().clamp(0, features.shape[3] - 1)
    images = boxes[:, 0].long()
    return features[images[:, None, None], :, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)


def _define() -> torch.library.Library:
    made = torch.library.Library("torchvision", "DEF")
    for schema in _SCHEMAS:
        made.define(schema)
    made.impl("nms", _suppressed, "CPU")
    made.impl("roi_align", _pooled, "CPU")
    return made


def _is_there() -> bool:
    return hasattr(torch.ops.torchvision, "nms")


def _has_ops() -> bool:
    return True


def let_models_use_them() -> None:
    """Have torchvision, which asks itself before it calls an operator, say that they are there.

    To be called once torchvision is imported.
    """
    if provide_operators() is not None:
        # As torchvision does it, in place of a function that says no, wherever that was imported.
        for name, module in list(sys.modules.items()):
            if name.startswith("torchvision.") and "_has_ops" in vars(module):
                vars(module)["_has_ops"] = _has_ops


@cache
def provide_operators() -> torch.library.Library | None:
    """Define the operators, unless those of the package can be had; ImportError where it is not installed.

    The library is kept by the cache: the operators end with it.
    """
    found = importlib.util.find_spec("torchvision")
    if found is None or found.submodule_search_locations is None:
        raise ImportError("No module named 'torchvision'")
    for folder in found.submodule_search_locations:
        with contextlib.suppress(OSError):
            torch.ops.load_library(f"{folder}/_C.so")
    return None if _is_there() else _define()
