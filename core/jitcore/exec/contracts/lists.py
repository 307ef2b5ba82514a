"""Lists that are read at places where they may end."""

from __future__ import annotations

from jitcore.exec.contracts.given import Contract, Given


def _stacked(given: Given) -> None:
    if not given["tensors"]:
        given.refuse("tensors is an empty list, and there is nothing to stack")
    if len(given["tensors"]) == 1 and not given["tensors"][0].is_contiguous():
        given.refuse("tensors is one tensor whose elements do not follow each other")


def _scaled(given: Given) -> None:
    """Factors have a number for each dimension of an image."""
    factors, planes = given["scale_factor"], given.tensor("input").dim() - 2
    if isinstance(factors, list) and len(factors) < planes:
        given.refuse(f"scale_factor has {len(factors)} numbers where {planes} are expected")


def _copied(given: Given) -> None:
    given.length("src", len(given["self"]), "tensors")


CONTRACTS: dict[str, Contract] = {
    "aten::_stack": _stacked,
    "aten::_foreach_copy": _copied,
    "aten::__upsample_bilinear": _scaled,
    "aten::__interpolate": _scaled,
}
