"""Resizing of images: places that a scale leads to lie within the input."""

from __future__ import annotations

from collections.abc import Sequence

from jitcore.exec.contracts.given import Contract, Given


def _antialiased(given: Given) -> None:
    """The centers of the outputs, by the scales that are given, lie within the input."""
    if not given.named("scales_h"):
        return
    sizes: Sequence[int] = given["input_size"][2:] if given.named("input_size") else given["self"].shape[2:]
    wanted: Sequence[int] = given["output_size"]
    for name, size, count in zip(("scales_h", "scales_w"), sizes, wanted, strict=False):
        scale = given[name]
        if scale is not None and scale > 0 and (count - 0.5) / scale > size:
            given.refuse(f"{name} is {scale}, by which {count} outputs lead beyond {size} inputs")


CONTRACTS: dict[str, Contract] = {
    f"aten::_upsample_{kind}2d_aa{suffix}": _antialiased
    for kind in ("bilinear", "bicubic", "lanczos")
    for suffix in ("", "_backward")
}
