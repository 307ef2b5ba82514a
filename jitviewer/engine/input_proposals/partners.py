"""Inputs that are combined element by element, or joined, have sizes that tell of each other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from jitcore.ir import Node, ScriptObject, Value
from jitviewer.engine.input_proposals.clues import Clue
from jitviewer.engine.input_proposals.search import find_clue, operators
from jitviewer.engine.input_proposals.weights import constant_of

_BY_ELEMENT = operators("add sub mul div maximum minimum mse_loss l1_loss")
_KEEP_SHAPE = operators("relu tanh sigmoid to float contiguous clone detach neg abs") | {
    "prim::unchecked_cast"
}


_MOST = 16
"""Meetings that are looked at, and inputs in one: graphs may have thousands of either."""


def clue_of_partner(value: Value, module: ScriptObject) -> Clue | None:
    """What an input that no weight tells of must be like, because of another one; None if nothing says so."""
    for node in islice(_meetings(value), _MOST):
        if node.kind == "aten::cat":
            clue = _joined(node, module)
        else:
            one, other = (_source(each) for each in node.inputs[:2])
            other = one if other is value else other
            clue = find_clue(other, module) if other is not value and _is_input(other) else None
            clue = _like(clue, other) if clue is not None else None
        if clue is not None:
            return clue
    return None


def _meetings(value: Value) -> Iterator[Node]:
    """The nodes in which a value, with its shape kept, is combined or joined with others."""
    pending = [value]
    while pending:
        for user, _ in pending.pop().uses:
            if user.kind in _BY_ELEMENT:
                yield user
            elif user.kind == "prim::ListConstruct":
                yield from (joining for joining, _ in user.output.uses if joining.kind == "aten::cat")
            elif user.kind in _KEEP_SHAPE:
                pending += user.outputs


def _joined(node: Node, module: ScriptObject) -> Clue | None:
    """The part of what follows that each unknown input gives: what the others leave, in equal parts."""
    if node.inputs[0].node.kind != "prim::ListConstruct":
        return None
    sources = [_source(each) for each in node.inputs[0].node.inputs]
    dimension = constant_of(node.inputs[1], module)
    if len(sources) > _MOST or not all(map(_is_input, sources)):
        return None
    whole = find_clue(node.output, module)
    if whole is None or whole.high or not isinstance(dimension, int):
        return None
    at = dimension + len(whole.shape) if dimension < 0 else dimension
    if not 0 < at < len(whole.shape):
        return whole._replace(reason=f"joined with others: {whole.reason}")
    known = [find_clue(each, module) for each in sources]
    rest = whole.shape[at] - sum(c.shape[at] for c in known if c is not None and len(c.shape) > at)
    unknown = sum(clue is None for clue in known)
    if not unknown or rest <= 0 or rest % unknown:
        return None
    shape = (*whole.shape[:at], rest // unknown, *whole.shape[at + 1 :])
    return whole._replace(shape=shape, reason=f"a part of what is joined: {whole.reason}")


def _like(clue: Clue, other: Value) -> Clue:
    return clue._replace(reason=f"combined with {other.name.partition('.')[0]}: {clue.reason}")


def _is_input(value: Value) -> bool:
    node = value.node
    return node.kind == "prim::Param" and node.block is not None and node.block.owner is None


def _source(value: Value) -> Value:
    while value.node.kind in _KEEP_SHAPE and value.node.inputs:
        value = value.node.inputs[0]
    return value
