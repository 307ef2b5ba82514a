"""Two `prim::If` in a row become one where each branch of the first decides the second.

%b = prim::If(%c)                         = prim::If(%c)
  block0(): f() -> (%true)                  block0(): f() g()
  block1(): -> (%false)           ->        block1(): h()
= prim::If(%b)
  block0(): g()
  block1(): h()
"""

from __future__ import annotations

from collections.abc import Callable

from jitcore.frontend.building import constant_of
from jitcore.ir import Block, Node, Value


def merge_consecutive_ifs(block: Block) -> None:
    """Merge in this block and in those inside it."""
    _merge_after(block, block.param_node)


def _merge_after(block: Block, done: Node) -> None:
    """Merge in the rest of a block, where `done` and what stands before it have been looked into.

    What merging puts behind a node is all that is looked into then, else a chain of ifs takes time
    with the square of its length.
    """
    node: Node | None = done
    while node is not None and node is not block.return_node:
        if node is not done:
            for inner in node.blocks:
                _merge_after(inner, inner.param_node)
        ends = _ends(node)
        # A merged node may decide its new neighbour, too.
        while _merge(node):
            for inner, end in zip(node.blocks, ends, strict=True):
                _merge_after(inner, end)
            ends = _ends(node)
        node = node.next


def _ends(node: Node) -> list[Node]:
    return [block.return_node.prev or block.param_node for block in node.blocks]


def _merge(first: Node) -> bool:
    second = first.next
    if first.kind != "prim::If" or second is None or second.kind != "prim::If":
        return False
    condition = second.inputs[0]
    if condition.node is not first:
        return False
    answers: list[bool] = []
    for block in first.blocks:
        is_constant, answer = constant_of(block.outputs[condition.offset])
        if not is_constant:
            return False
        answers.append(bool(answer))
    if answers[0] == answers[1]:
        return False
    for block, answer in zip(first.blocks, answers, strict=True):
        chosen = second.blocks[0 if answer else 1]
        block.clone_from(chosen, _results_inside(first, block))
    for output in second.outputs:
        output.replace_all_uses_with(first.add_output().copy_metadata(output))
    second.destroy()
    return True


def _results_inside(node: Node, block: Block) -> Callable[[Value], Value]:
    """Maps the results of a node to the values that one of its blocks gives for them."""
    outputs = list(block.outputs)
    return lambda value: outputs[value.offset] if value.node is node else value
