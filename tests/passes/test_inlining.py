"""Inlining: torch's text, where inlined nodes came from, and steps that can be taken back."""

from __future__ import annotations

import pytest
import torch

from jitcore.archive import load
from jitcore.frontend import SourceImporter
from jitcore.ir import verify
from jitcore.passes import PassContext, run_pipeline
from jitcore.passes.inline import body_for_inlining, inlined_graph
from jitcore.printing import graph_text, parse_graph
from jitcore.source import JitError, Source

NAMES = ("attention", "constants", "gate", "loop", "lstm", "repeats", "resnet_small", "tuples")


@pytest.fixture(params=NAMES)
def archive(request, samples):
    return str(samples / f"{request.param}.pt")


def test_inlined_graph_equals_torch(archive):
    theirs = torch.jit.load(archive).inlined_graph
    assert graph_text(inlined_graph(load(archive).method("forward"))) == str(theirs)


def test_inlining_leaves_the_function_as_it_was(archive):
    method = load(archive).method("forward")
    before = graph_text(method.graph)
    verify(inlined_graph(method))
    assert graph_text(method.graph) == before
    verify(method.graph)


def test_calls_are_steps_that_can_be_taken_back(archive):
    graph = load(archive).method("forward").graph.copy()
    before = graph_text(graph)
    journal = graph.attach_journal()
    [report] = run_pipeline(graph, ["inline"], PassContext())
    after = graph_text(graph)
    verify(graph)
    assert report.changed == (after != before)
    assert all(step.rule.name == "inline-call" and " calls " in step.because for step in journal.steps)
    journal.go_to(0)
    verify(graph)
    assert graph_text(graph) == before
    journal.go_to(len(journal.steps))
    verify(graph)
    assert graph_text(graph) == after


class Layer(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.first = torch.nn.Linear(3, 3)
        self.second = torch.nn.Linear(3, 3)

    def forward(self, x):
        return torch.nn.functional.relu(self.second(self.first(x)))


class Stack(torch.nn.Module):
    """All that it calls stands below one call, as in the models of torchvision."""

    def __init__(self):
        super().__init__()
        self.layers = torch.nn.Sequential(Layer(), Layer())

    def run(self, x):
        return self.layers(x) * 2

    def forward(self, x):
        return self.run(x)


def test_calls_below_a_call_are_steps_of_their_own(tmp_path):
    torch.jit.save(torch.jit.script(Stack()), tmp_path / "stack.pt")
    theirs = torch.jit.load(tmp_path / "stack.pt").inlined_graph
    graph = load(str(tmp_path / "stack.pt")).method("forward").graph.copy()
    before = graph_text(graph)
    journal = graph.attach_journal()
    run_pipeline(graph, ["inline"], PassContext())
    assert graph_text(graph) == str(theirs)
    for path in ("0", "1"):
        for call in ("first.forward", "second.forward"):
            said = [
                step.because for step in journal.steps if f"calls self.layers.{path}.{call}" in step.because
            ]
            assert len(said) == 1, journal.steps
    made = [node for step in journal.steps for node in step.made]
    assert len(made) == len(set(made))
    assert {node.id for node in graph.block.nodes()} == set(made)
    texts = [graph_text(graph)]
    while journal.undo():
        verify(graph)
        texts.append(graph_text(graph))
    assert texts[-1] == before
    for text in reversed(texts[:-1]):
        journal.redo()
        assert graph_text(graph) == text


def test_nodes_know_the_modules_they_were_written_in(samples):
    module = load(str(samples / "resnet_small.pt"))
    graph = inlined_graph(module.method("forward"))
    convolutions = [node for node in graph.all_nodes() if node.kind == "aten::_convolution"]
    assert len(convolutions) > 1
    for node in convolutions:
        assert node.callstack is not None
        path = ".".join(node.callstack.module_path())
        owner = module.find(path)
        assert owner.type is node.callstack.frames()[-1].module_type
        assert owner.type.name.startswith("Conv2d")


def test_nodes_made_by_a_call_come_from_the_call(samples):
    graph = load(str(samples / "resnet_small.pt")).method("forward").graph.copy()
    calls = {node.id for node in graph.all_nodes() if node.kind == "prim::CallMethod"}
    old = {node.id for node in graph.all_nodes()}
    run_pipeline(graph, ["inline"], PassContext())
    made = [node for node in graph.all_nodes() if node.id not in old]
    assert made
    assert all(len(node.provenance) == 1 and node.provenance[0] in calls for node in made)


def test_a_body_is_made_once(samples):
    module = load(str(samples / "resnet_small.pt"))
    method = module.method("forward")
    assert body_for_inlining(method) is body_for_inlining(method)


def test_calls_of_unknown_methods_stay_and_are_counted():
    graph = parse_graph(
        "graph(%self : __torch__.Net, %x : Tensor):\n"
        '  %1 : Tensor = prim::CallMethod[name="forward"](%self, %x)\n'
        "  return (%1)\n"
    )
    before = graph_text(graph)
    [report] = run_pipeline(graph, ["inline"], PassContext())
    assert not report.changed
    assert graph_text(graph) == before
    assert report.notes == ("1 call stayed: what they call is only known in a run, or not known here",)


def test_calls_that_double_and_calls_nested_without_end_are_refused():
    def lines(count: int, calls: int) -> str:
        body = "".join("  x = __torch__.f{n}(x)\n" for _ in range(calls))
        text = "".join(
            f"def f{n}(x: Tensor) -> Tensor:\n{body.format(n=n + 1)}  return x\n" for n in range(count)
        )
        return f"{text}def f{count}(x: Tensor) -> Tensor:\n  return torch.neg(x)\n"

    def inlined(text: str):
        class Records:
            def source(self, qualifier: str) -> Source | None:
                return Source(text, "code/__torch__.py") if qualifier == "__torch__" else None

        return inlined_graph(SourceImporter(Records()).function("__torch__.f0"))

    assert sum(node.kind == "aten::neg" for node in inlined(lines(5, 2)).nodes()) == 32
    assert sum(node.kind == "aten::neg" for node in inlined(lines(300, 1)).nodes()) == 1
    with pytest.raises(JitError, match="more than 100,000 nodes"):
        inlined(lines(40, 2))
    with pytest.raises(JitError, match="nested more than 500 deep"):
        inlined(lines(600, 1))
