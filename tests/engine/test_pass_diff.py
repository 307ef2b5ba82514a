"""The text before and after a pass, line beside line; pipelines to start from."""

from pathlib import Path

import pytest

from jitcore.ir import Function
from jitcore.passes import catalogue, is_spec
from jitcore.printing import parse_graph, print_graph
from jitcore.source import JitError
from jitcore.types import Argument, FunctionSchema
from jitviewer.engine.pass_diff import _aligned, pass_diff
from jitviewer.engine.presets import preset_rows
from jitviewer.engine.rewriting import Rewriting
from jitviewer.protocol import events, requests
from tests.engine.engine_process import EngineProcess

TEXT = """graph(%x : Tensor, %c : bool):
  %two : int = prim::Constant[value=2]()
  %dead : Tensor = aten::neg(%x)
  %a : Tensor = aten::mul(%x, %two)
  %b : Tensor = aten::mul(%x, %two)
  %d : Tensor = prim::If(%c)
    block0():
      %e : Tensor = aten::mul(%a, %b)
      -> (%e)
    block1():
      -> (%a)
  return (%d)
"""


@pytest.fixture
def rewriting() -> Rewriting:
    graph = parse_graph(TEXT)
    arguments = tuple(Argument(value.name, value.type) for value in graph.inputs)
    return Rewriting(
        Function("graph", FunctionSchema("graph", "", arguments, ()), graph), ["dce", "cse"], None
    )


def sides(diff) -> list[tuple[str, str]]:
    before, after, _ = diff
    lines = (before.text.split("\n"), after.text.split("\n"))
    assert len(lines[0]) == len(lines[1])
    return list(zip(*lines, strict=True))


def test_removed_lines_stand_beside_nothing(rewriting: Rewriting) -> None:
    diff = pass_diff(rewriting, "dce")
    before, after, groups = diff
    lines = sides(diff)
    changed = [at for at, (left, right) in enumerate(lines) if left != right]
    assert len(changed) == 1
    (line,) = changed
    assert "aten::neg" in lines[line][0]
    assert lines[line][1] == ""
    assert before.marks == {line: "removed"}
    assert after.marks == {}
    assert groups == [line]
    assert after.line_nodes[line] == []
    assert len(before.line_nodes[line]) == 1


def test_changed_lines_stand_beside_each_other(rewriting: Rewriting) -> None:
    shown = str(print_graph(rewriting.graph).text)
    diff = pass_diff(rewriting, "cse")
    before, after, _ = diff
    lines = sides(diff)
    assert [before.marks[line] for line in sorted(before.marks)] == ["removed", "changed"]
    (changed,) = after.marks
    assert "aten::mul(%a, %b)" in lines[changed][0]
    assert "aten::mul(%a, %a)" in lines[changed][1]
    assert str(print_graph(rewriting.graph).text) == shown


def test_both_sides_are_the_whole_texts(rewriting: Rewriting) -> None:
    for name in ("dce", "cse"):
        left, right = zip(*sides(pass_diff(rewriting, name)), strict=True)
        assert "\n".join(line for line in right if line).count("aten::") < "\n".join(left).count("aten::")
    rewriting.journal.go_to(0)
    first = [left for left, _ in sides(pass_diff(rewriting, "dce")) if left]
    assert "\n".join(first) + "\n" == str(print_graph(rewriting.graph).text)
    assert rewriting.journal.position == 0


def test_a_pass_that_did_not_run_cannot_be_compared(rewriting: Rewriting) -> None:
    with pytest.raises(JitError, match="peephole did not rewrite"):
        pass_diff(rewriting, "peephole")


def test_lines_that_moved_keep_the_order_of_both_sides() -> None:
    before, after = [("a",), ("b",), ("c",), ("d",)], [("c",), ("a",), ("x",), ("d",), ("y",)]
    pairs = _aligned(before, after)
    assert [left for left, _ in pairs if left >= 0] == [0, 1, 2, 3]
    assert [right for _, right in pairs if right >= 0] == [0, 1, 2, 3, 4]
    same = [(before[left], after[right]) for left, right in pairs if left >= 0 and right >= 0]
    assert (("d",), ("d",)) in same
    assert _aligned([], []) == []


def test_presets_name_passes_that_exist(engine: EngineProcess, samples: Path) -> None:
    rows = preset_rows()
    assert engine.ready.presets == rows
    assert len({row.name for row in rows}) == len(rows)
    for row in rows:
        assert all(map(is_spec, row.passes))
    assert rows[-1].passes == list(catalogue())[:7]
    engine.open(samples / "resnet_small.pt")
    engine.views(requests.SetPasses(1, rows[-3].passes))
    shown = engine.ask(requests.ShowPassDiff(1, "inline"), events.PassDiffShown)
    assert shown.groups
    assert shown.before.text.count("\n") == shown.after.text.count("\n")
    engine.send(requests.ShowPassDiff(1, "lower-all-tuples"))
    notice = engine.until(events.Notice)[-1]
    assert "did not rewrite" in notice.sentence
