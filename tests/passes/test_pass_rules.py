"""Every rule on a case of its own: the text before and after, the steps and their sentences."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from pathlib import Path

import pytest

import jitcore.passes
from jitcore.exec import evaluator
from jitcore.frontend.shape_functions import shape_function_graph
from jitcore.ir import Graph, verify
from jitcore.passes import PassContext, RewriteRule, catalogue, run_pipeline
from jitcore.printing import graph_text, parse_graph
from jitcore.source import JitError


def run_case(text: str, passes: list[str]) -> Graph:
    graph = parse_graph(text)
    graph.attach_journal()
    run_pipeline(graph, passes, PassContext(evaluator(), shape_functions=shape_function_graph))
    return graph


def steps_of(graph: Graph) -> list[str]:
    assert graph.journal is not None
    return [f"{step.rule.name}: {step.because}" for step in graph.journal.steps]


def test_golden(golden_case, update_golden):
    graph = run_case(golden_case.before, golden_case.passes)
    steps, after = steps_of(graph), graph_text(graph)
    if update_golden:
        golden_case.rewrite(steps, after)
        return
    assert steps == golden_case.steps
    assert after == golden_case.after


def test_result_is_well_formed_and_the_pass_says_whether_it_changed_anything(golden_case):
    graph = parse_graph(golden_case.before)
    before = graph_text(graph)
    reports = run_pipeline(
        graph, golden_case.passes, PassContext(evaluator(), shape_functions=shape_function_graph)
    )
    verify(graph)
    assert any(report.changed for report in reports) or graph_text(graph) == before


def test_steps_can_be_taken_back_and_made_again(golden_case):
    before = graph_text(parse_graph(golden_case.before))
    graph = run_case(golden_case.before, golden_case.passes)
    journal = graph.journal
    assert journal is not None
    texts = [graph_text(graph)]
    # Between the steps that flatten both branches of an if, the branches differ: only the ends are verified.
    while journal.undo():
        texts.append(graph_text(graph))
    verify(graph)
    assert texts[-1] == before
    for text in reversed(texts[:-1]):
        assert journal.redo()
        assert graph_text(graph) == text
    assert not journal.redo()
    verify(graph)


def test_without_a_journal_no_sentence_is_made(golden_case, monkeypatch):
    def refuse(*_: object) -> str:
        raise AssertionError("a sentence was made")

    for module in modules():
        for name in ("names", "literal", "count"):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, refuse)
    graph = parse_graph(golden_case.before)
    run_pipeline(graph, golden_case.passes, PassContext(evaluator(), shape_functions=shape_function_graph))
    assert graph_text(graph) == golden_case.after


def modules() -> list[object]:
    packages = pkgutil.walk_packages(jitcore.passes.__path__, "jitcore.passes.")
    return [import_module(found.name) for found in packages]


def all_rules() -> dict[str, RewriteRule]:
    found: dict[str, RewriteRule] = {}
    for module in modules():
        for value in vars(module).values():
            if isinstance(value, RewriteRule):
                found[value.rule.name] = value
    return found


def test_every_rule_fires_in_a_golden_case():
    from tests.passes.conftest import golden_cases

    fired = {step.partition(":")[0] for case in golden_cases() for step in case.steps}
    # Inlining needs functions, which a text only names, freezing modules: they have cases of their own.
    own = {name for name, one in all_rules().items() if "freezing" in Path(one.rule.file).parts}
    assert set(all_rules()) - fired == {"inline-call", *own}


@pytest.mark.parametrize("name", sorted(all_rules()))
def test_a_rule_says_what_it_rewrites_and_where_it_stands(name):
    rule = all_rules()[name].rule
    assert " -> " in rule.summary
    lines = Path(rule.file).read_text(encoding="utf-8").splitlines()
    assert lines[rule.line - 1] == "@rule"


def test_catalogue_offers_passes_in_order_each_with_its_page():
    offered = catalogue()
    assert list(offered)[:7] == [
        "inline", "dce", "cse", "constant-propagation", "constant-pooling", "peephole", "lower-all-tuples",
    ]  # fmt: skip
    for name, one in offered.items():
        assert one.name == name
        # libtorch runs some within others, and offers them to no Python.
        known = ("_jit_pass_", "_jit_differentiate", "_freeze_module", "torch::jit::")
        assert one.counterpart.startswith(known) or name == "move-device"
        assert one.summary().endswith((".", ":"))
        assert "->" in (one.__doc__ or "")
        assert "->" in (import_module(one.__module__).__doc__ or ""), one.__module__


def test_an_unknown_pass_is_refused_before_anything_runs():
    graph = parse_graph("graph(%x : Tensor):\n  %1 : Tensor = aten::neg(%x)\n  return (%x)\n")
    before = graph_text(graph)
    with pytest.raises(JitError, match="no-such-pass"):
        run_pipeline(graph, ["dce", "no-such-pass"], PassContext())
    assert graph_text(graph) == before


def test_reports_tell_what_each_pass_did():
    graph = parse_graph("graph(%x : Tensor):\n  %1 : Tensor = aten::neg(%x)\n  return (%x)\n")
    graph.attach_journal()
    first, second = run_pipeline(graph, ["dce", "dce"], PassContext())
    assert (first.changed, first.nodes_before, first.nodes_after, first.steps) == (True, 1, 0, range(1))
    assert (second.changed, second.nodes_before, second.nodes_after) == (False, 0, 0)
    assert second.steps == range(1, 1)
