"""Traces and scripts of programs as inlined graphs, and what an alignment says of their operators."""

import warnings

import torch

import jitcore
from jitcore.diagnose.alignment import align
from jitcore.passes.inline import inlined_graph
from jitcore.scripting.library.unwrapping import program_of


def graph_of(compiled):
    """The inlined graph of what was compiled or traced."""
    return inlined_graph(program_of(compiled).find("", "").function)


def script_of(program):
    return graph_of(jitcore.script(program))


def trace_of(program, *inputs):
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        return graph_of(jitcore.trace(program, inputs, check_trace=False))


class Aligned:
    """An alignment, with the nodes in place of their ids."""

    def __init__(self, left, right):
        self.data = align(left, right)
        self.left = {node.id: node for node in left.all_nodes()}
        self.right = {node.id: node for node in right.all_nodes()}

    def pairs(self, kind):
        """Turns of the left node and the right node of each pair of operators of that kind on the left."""
        return [
            (pair.left_turns, self.right[pair.right].kind)
            for pair in self.data.pairs
            if self.left[pair.left].kind == kind
        ]

    def only_left(self):
        return [self.left[number].kind for number in self.data.only_left]

    def only_right(self):
        return [self.right[number].kind for number in self.data.only_right]


def aligned(program, *inputs):
    """The script of a program beside its trace."""
    return Aligned(script_of(program), trace_of(program, *inputs))
