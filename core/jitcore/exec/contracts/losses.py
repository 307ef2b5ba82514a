"""Losses and their gradients: targets name classes, lengths stay within what they measure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from jitcore.exec.contracts.given import Contract, Given

_NOT_REDUCED = 0
"""The number of the reduction that keeps a loss for each sample."""


def _lengths(given: Given, name: str, batch: int) -> list[int] | None:
    """The lengths, one for each sequence; None where nobody knows them or torch sees that they do not fit."""
    value: Any = given[name]
    if isinstance(value, torch.Tensor):
        if value.device.type == "meta" or value.dtype.is_floating_point or value.dtype.is_complex:
            return None
        value = value.flatten().tolist()
    return list(value) if len(value) == batch else None


def _connectionist(given: Given) -> None:
    """Targets within their lengths name classes; torch compares only the largest lengths with the tensors."""
    scores, targets = given.tensor("log_probs"), given.tensor("targets")
    batched = scores if scores.dim() != 2 else scores.unsqueeze(1)
    if batched.dim() != 3 or targets.dim() not in (1, 2) or targets.dtype.is_floating_point:
        return
    steps, batch, classes = batched.shape
    inputs, wanted = _lengths(given, "input_lengths", batch), _lengths(given, "target_lengths", batch)
    if inputs is None or wanted is None:
        return
    for name, lengths in (("input_lengths", inputs), ("target_lengths", wanted)):
        if lengths and min(lengths) < 0:
            given.refuse(f"{name} holds {min(lengths)}, and no sequence is shorter than nothing")
    if inputs and max(inputs) > steps:
        return
    if classes:
        _named_classes(given, targets, wanted, classes)


def _named_classes(given: Given, targets: torch.Tensor, lengths: Sequence[int], classes: int) -> None:
    if targets.device.type == "meta":
        return
    if targets.dim() == 1:
        if targets.numel() >= sum(lengths):
            given.values_between("targets", 0, classes - 1, targets[: sum(lengths)])
    elif targets.shape[0] == len(lengths) and max(lengths, default=0) <= targets.shape[1]:
        places = torch.arange(targets.shape[1], device=targets.device)
        ends = torch.tensor(list(lengths), device=targets.device)
        given.values_between("targets", 0, classes - 1, targets[places < ends[:, None]])


def _connectionist_gradient(given: Given) -> None:
    scores, targets = given.tensor("log_probs", (3,)), given.tensor("targets", (1, 2))
    steps, batch, classes = scores.shape
    given.number_between("blank", 0, classes - 1)
    given.shape("grad", (batch,))
    given.shape("neg_log_likelihood", (batch,))
    for name in ("input_lengths", "target_lengths"):
        lengths = _lengths(given, name, batch)
        if lengths is None:
            given.refuse(f"{name} is not a whole number for each of {batch} sequences")
        most = steps if name == "input_lengths" else targets.shape[-1]
        if lengths and not 0 <= min(lengths) <= max(lengths) <= most:
            given.refuse(f"{name} are {lengths} where 0 to {most} are expected")
        if name == "target_lengths":
            _fit(given, targets, lengths, batch)
            given.shape("log_alpha", (batch, steps, 2 * max(lengths, default=0) + 1))
            _named_classes(given, targets, lengths, classes)


def _fit(given: Given, targets: torch.Tensor, lengths: Sequence[int], batch: int) -> None:
    if targets.dim() == 1:
        given.count("targets", sum(lengths))
    else:
        given.shape("targets", (batch, targets.shape[1]))


def _negative_log_likelihood_gradient(given: Given) -> None:
    x = given.tensor("self")
    if x.dim() not in (1, 2, 4):
        return
    target = given.tensor("target")
    classes = x.shape[0 if x.dim() == 1 else 1]
    given.values_between("target", 0, classes - 1, target[target != given["ignore_index"]])
    given.count("weight", classes)
    _loss_gradient(given, target.shape)


def _multiple_margin_gradient(given: Given) -> None:
    target = given.tensor("target")
    x = given.tensor("self")
    if x.dim() in (1, 2):
        given.values_between("target", 0, x.shape[-1] - 1)
    _loss_gradient(given, target.shape)


def _multiple_label_gradient(given: Given) -> None:
    _loss_gradient(given, given.tensor("self").shape[:-1])


def _loss_gradient(given: Given, samples: Sequence[int]) -> None:
    """A gradient of one loss, or of one for each of the samples."""
    gradient = given.tensor("grad_output")
    if given["reduction"] == _NOT_REDUCED and len(samples):
        given.shape("grad_output", samples)
    elif gradient.numel() != 1:
        given.count("grad_output", 1)


CONTRACTS: dict[str, Contract] = {
    "aten::ctc_loss": _connectionist,
    "aten::_ctc_loss": _connectionist,
    "aten::_ctc_loss_backward": _connectionist_gradient,
    "aten::nll_loss_backward": _negative_log_likelihood_gradient,
    "aten::nll_loss2d_backward": _negative_log_likelihood_gradient,
    "aten::multi_margin_loss_backward": _multiple_margin_gradient,
    "aten::multilabel_margin_loss_backward": _multiple_label_gradient,
}
