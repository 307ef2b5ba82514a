"""Lines on what one graph has otherwise, whatever the order and names of its values."""

import torch

from jitcore.archive import open_archive
from jitcore.diagnose import compare_archives
from jitcore.diagnose.node_diff import node_changes
from jitcore.printing import parse_graph
from tests.diagnose.alignment.graphs import script_of, trace_of

BEFORE = """graph(%x : Tensor):
  %one : int = prim::Constant[value=1]()
  %a : Tensor = aten::relu(%x)
  %b : Tensor = aten::neg(%x)
  %c : Tensor = aten::add(%a, %b, %one)
  return (%c)
"""


def changes(before: str, after: str) -> list[str]:
    return [*node_changes(parse_graph(before), parse_graph(after))]


def test_another_order_and_other_names_are_no_change():
    lines = BEFORE.splitlines()
    lines[2], lines[3] = lines[3], lines[2]
    assert changes(BEFORE, "\n".join(lines).replace("%a", "%first").replace("%b", "%second") + "\n") == []


def test_what_was_added_removed_and_changed_is_told_once():
    after = BEFORE.replace("  %b : Tensor = aten::neg(%x)\n", "  %b : Tensor = aten::sin(%x)\n")
    assert changes(BEFORE, after) == ["- aten::neg", "+ aten::sin"]
    assert changes(BEFORE, BEFORE.replace("value=1", "value=2")) == ["~ 1 -> 2"]
    more = BEFORE.replace("return (%c)", "%d : Tensor = aten::tanh(%c)\n  return (%d)")
    assert changes(BEFORE, more) == ["+ aten::tanh"]
    assert changes(more, BEFORE) == ["- aten::tanh"]


def branching(x: torch.Tensor) -> torch.Tensor:
    if bool(x.sum() > 0):
        x = x * 2
    return x.relu()


def test_a_trace_beside_its_script_says_which_arm_it_kept():
    with torch.no_grad():
        found = [*node_changes(script_of(branching), trace_of(branching, torch.ones(2)))]
    (arm,) = [line for line in found if "the if" in line]
    assert arm.startswith("~ the if before: the other graph has the first arm only  # ")
    assert any(line.startswith("- prim::If") for line in found)
    assert not any("aten::mul" in line for line in found)


class Scaled(torch.nn.Module):
    def __init__(self, squares: bool) -> None:
        super().__init__()
        self.squares = squares

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.relu() * 2


class Squared(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.square() * 2


def test_archives_tell_it_of_every_method_that_changed(tmp_path):
    for name, module in (("a", Scaled(squares=True)), ("b", Squared())):
        torch.jit.save(torch.jit.script(module), str(tmp_path / f"{name}.pt"))
    found = compare_archives(open_archive(tmp_path / "a.pt"), open_archive(tmp_path / "b.pt"))
    (method,) = found.methods_changed
    lines = method.nodes.splitlines()
    assert any(line.startswith(("- aten::relu", "~ aten::relu")) for line in lines)
    assert any("aten::square" in line for line in lines)
    assert not any("aten::mul" in line for line in lines)
