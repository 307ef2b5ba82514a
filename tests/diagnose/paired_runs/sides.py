"""Both sides of a program, ready to be run and compared."""

import copy
import warnings

import torch

import jitcore
from jitcore.diagnose.alignment import align
from jitcore.diagnose.paired_runs import Runnable, compare_runs
from jitcore.exec.arguments import fit_arguments
from jitcore.exec.values import Materializer
from jitcore.passes.inline import inlined_graph
from jitcore.printing import parse_graph
from jitcore.scripting.library.unwrapping import program_of


def runnable(compiled, *inputs):
    """What was compiled or traced, with inputs of its own."""
    found = program_of(compiled).find("", "")
    receiver = [found.receiver] if found.receiver is not None else []
    given = fit_arguments(found.function.schema, [*receiver, *copy.deepcopy(inputs)], Materializer())
    return Runnable(inlined_graph(found.function), given)


def of_text(text, *inputs):
    return Runnable(parse_graph(text), [*copy.deepcopy(inputs)])


def script_and_trace(program, traced_with, inputs):
    """A script and a trace of the same program, whose states are apart."""
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        trace = jitcore.trace(copy.deepcopy(program), traced_with, check_trace=False)
    return runnable(jitcore.script(copy.deepcopy(program)), *inputs), runnable(trace, *inputs)


class Compared:
    """A comparison, with the alignment and the nodes by their ids."""

    def __init__(self, left, right, **options):
        self.alignment = align(left.graph, right.graph)
        self.left = {node.id: node for node in left.graph.all_nodes()}
        self.right = {node.id: node for node in right.graph.all_nodes()}
        with torch.no_grad():
            self.data = compare_runs(
                left, right, self.alignment, before=lambda: torch.manual_seed(0), **options
            )

    def statuses(self, kind):
        return [
            outcome.status
            for outcome in self.data.outcomes
            if self.left[self.alignment.pairs[outcome.pair].left].kind == kind
        ]

    def first_pair(self):
        outcome = self.data.outcomes[self.data.first.outcome]
        return self.left[self.alignment.pairs[outcome.pair].left].kind

    def first_departure(self):
        return self.data.departures[self.data.first.departure]


def compared(program, traced_with, inputs, **options):
    return Compared(*script_and_trace(program, traced_with, inputs), **options)
