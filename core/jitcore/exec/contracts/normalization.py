"""Normalizations and their gradients: weights and statistics have an element for each channel or row."""

from __future__ import annotations

from math import prod

from jitcore.exec.contracts.given import Contract, Given


def _per_channel(given: Given) -> None:
    """Weight, bias and statistics of a batch normalization have an element for each channel."""
    x = given.get("input", given.get("self"))
    if x is None or x.dim() < 2:
        given.refuse("expected an input of two dimensions or more")
    channels = x.shape[1]
    for name in ("weight", "bias", "running_mean", "running_var"):
        if given.has(name) and given[name].numel() != channels:
            given.refuse(f"{name} has {given[name].numel()} elements for {channels} channels")


def _with_statistics(given: Given) -> None:
    """Without training the running statistics are used, and must be there."""
    _per_channel(given)
    if not given.get("training", given.get("train", False)):
        given.tensor("running_mean")
        given.tensor("running_var")


def _gradient(given: Given) -> None:
    """The statistics that are used are those of the batch in training, else the running ones."""
    x = given.tensor("input")
    if x.dim() < 2:
        given.refuse("expected an input of two dimensions or more")
    given.shape("grad_out", x.shape)
    given.shape("grad_output", x.shape)
    given.count("weight", x.shape[1])
    trains = given["train"] if given.has("train") else given["update"]
    of_batch = ("save_mean", "save_invstd", "save_var", "save_var_transform")
    for name in of_batch if trains else ("running_mean", "running_var"):
        if given.named(name):
            given.tensor(name)
            given.count(name, x.shape[1])


def _layer_gradient(given: Given) -> None:
    x, normalized = given.tensor("input"), given["normalized_shape"]
    given.shape("grad_out", x.shape)
    if len(normalized) <= x.dim():
        rows = prod(x.shape[: x.dim() - len(normalized)])
        given.count("mean", rows)
        given.count("rstd", rows)


def _weight(given: Given) -> None:
    v = given.tensor("saved_v" if given.has("saved_v") else "v")
    last = v.dim() - 1
    if last < 0 or given["dim"] not in (0, last) or 0 in v.shape:
        given.refuse(f"dim is {given['dim']} where the first or the last of {v.dim()} is expected")
    for name in ("g", "saved_g", "saved_norms"):
        given.count(name, v.shape[given["dim"]])
    given.shape("grad_w", v.shape)


def _weight_of_a_layer(given: Given) -> None:
    """The kernel for the first and the last dimension trusts `g`."""
    v = given.tensor("v")
    if v.dim() and given["dim"] in (0, v.dim() - 1):
        given.count("g", v.shape[given["dim"]])


CONTRACTS: dict[str, Contract] = {
    **dict.fromkeys(
        ("aten::native_batch_norm", "aten::_native_batch_norm_legit", "aten::_batch_norm_no_update",
         "aten::_native_batch_norm_legit_functional", "aten::_native_batch_norm_legit_no_training"),
        _with_statistics,
    ),
    **dict.fromkeys(
        ("aten::_batch_norm_with_update", "aten::_batch_norm_with_update_functional",
         "aten::batch_norm_update_stats"),
        _per_channel,
    ),
    **dict.fromkeys(
        ("aten::native_batch_norm_backward", "aten::batch_norm_backward",
         "aten::_batch_norm_impl_index_backward"),
        _gradient,
    ),
    "aten::native_layer_norm_backward": _layer_gradient,
    "aten::_weight_norm": _weight_of_a_layer,
    **dict.fromkeys(("aten::_weight_norm_interface", "aten::_weight_norm_interface_backward"), _weight),
}  # fmt: skip
