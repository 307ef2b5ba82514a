"""Casts of `torch.autocast`, written down as libtorch writes them, and what it refuses."""

import warnings

import pytest
import torch

from jitcore.ir import verify
from jitcore.passes import PassContext, run_pipeline
from jitcore.printing import graph_text, parse_graph
from jitcore.source import JitError
from tests.differential.pass_answers import renumbered


def on_a_cpu(x, y, n: int):
    with torch.autocast("cpu"):
        a = x.mm(y)
        b = torch.exp(a) + x.mm(x)
        with torch.autocast("cpu", enabled=False):
            c = x.mm(y)
        if n > 2:
            d = a.mm(x)
        else:
            d = a + x
        e = x.softmax(0) + torch.cat([x, y]).sum() + x.sum(dtype=torch.float64)
        a.add_(x)
        f = torch.stack([x, y])
    return a, b, c, d, e, f, x.mm(y)


def on_cuda(x, y, n: int):
    with torch.autocast("cuda", dtype=torch.bfloat16):
        a = x.mm(y).softmax(0) * n
        with torch.autocast("cpu"):
            c = x.mm(a)
    return a, c


def twice(x, y, n: int):
    for _ in range(n):
        with torch.autocast("cpu"):
            x = x.mm(y)
    with torch.autocast("cpu"):
        return torch.pow(x, 2)


def not_known(x, y, n: int):
    with torch.autocast("cpu", enabled=n > 2):
        return x.mm(y)


def elsewhere(x, y, n: int):
    with torch.autocast("xpu"):
        return x.mm(y)


def banned(x, y, n: int):
    with torch.autocast("cpu"):
        return torch.nn.functional.binary_cross_entropy(x, y)


def neg(x):
    return x.neg()


def calling(x, y, n: int):
    with torch.autocast("cpu"):
        return neg(x.mm(y))


def graph_of(function, inlined: bool):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compiled = torch.jit.script(function)
    return (compiled.inlined_graph if inlined else compiled.graph).copy()


@pytest.mark.parametrize("function", [on_a_cpu, on_cuda, twice])
def test_casts_are_those_of_libtorch(function):
    theirs = graph_of(function, inlined=True)
    before = str(theirs)
    torch._C._jit_pass_autocast(theirs)
    ours = parse_graph(before)
    journal = ours.attach_journal()
    [report] = run_pipeline(ours, ["autocast"], PassContext())
    verify(ours)
    text = graph_text(ours)
    assert report.changed
    assert renumbered(text) == renumbered(str(theirs)) != renumbered(before)
    journal.go_to(0)
    assert graph_text(ours) == before
    journal.go_to(len(journal.steps))
    assert graph_text(ours) == text
    # What is cast already is not cast again.
    torch._C._jit_pass_autocast(theirs)
    run_pipeline(ours, ["autocast"], PassContext())
    assert renumbered(graph_text(ours)) == renumbered(str(theirs))


@pytest.mark.parametrize(
    ("function", "inlined"), [(not_known, True), (elsewhere, True), (banned, True), (calling, False)]
)
def test_what_cannot_be_told_is_refused_in_torchs_words(function, inlined):
    theirs = graph_of(function, inlined)
    ours = parse_graph(str(theirs))
    with pytest.raises(JitError) as found:
        run_pipeline(ours, ["autocast"], PassContext())
    with pytest.raises(RuntimeError) as expected:
        torch._C._jit_pass_autocast(theirs)
    assert str(found.value).removesuffix(": inline it first") in str(expected.value)
