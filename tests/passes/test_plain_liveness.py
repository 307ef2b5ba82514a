"""Sweeping by uses removes what the liveness analysis removes, in the same steps."""

import pytest

from jitcore.passes import dead_code_elimination
from jitcore.passes.dead_code_elimination import eliminate_dead_code, eliminate_dead_code_with_aliases
from jitcore.passes.plain_liveness import reads_tell_needs
from jitcore.printing import graph_text, parse_graph

DEAD_CHAIN = """graph(%x : Tensor):
  %1 : Tensor = aten::neg(%x)
  %2 : Tensor = aten::relu(%1)
  %3 : Tensor = aten::tanh(%x)
  return (%3)
"""
DEAD_BRANCH_RESULT = """graph(%x : Tensor, %c : bool):
  %a : Tensor, %b : Tensor = prim::If(%c)
    block0():
      %1 : Tensor = aten::neg(%x)
      %2 : Tensor = aten::relu(%x)
      -> (%1, %2)
    block1():
      -> (%x, %x)
  return (%b)
"""
EFFECT_IN_DEAD_BRANCH = """graph(%x : Tensor, %c : bool):
  %a : Tensor = prim::If(%c)
    block0():
      %1 : Tensor = aten::neg(%x)
       = prim::Print(%x)
      -> (%1)
    block1():
      -> (%x)
  return (%x)
"""
CARRIED_FOR_NOTHING = """graph(%x : Tensor, %n : int):
  %t : bool = prim::Constant[value=1]()
  %a : Tensor, %b : Tensor = prim::Loop(%n, %t, %x, %x)
    block0(%i : int, %p : Tensor, %q : Tensor):
      %1 : Tensor = aten::neg(%p)
      -> (%t, %1, %x)
  return (%a)
"""
LOOP_FOR_NOTHING = """graph(%x : Tensor, %n : int):
  %t : bool = prim::Constant[value=1]()
  %a : Tensor = prim::Loop(%n, %t, %x)
    block0(%i : int, %p : Tensor):
      %1 : Tensor = aten::neg(%x)
      -> (%t, %1)
  return (%x)
"""
LOOP_THAT_DECIDES = """graph(%x : Tensor, %n : int):
  %t : bool = prim::Constant[value=1]()
   = prim::Loop(%n, %t)
    block0(%i : int):
      %c : bool = aten::lt(%i, %n)
      -> (%c)
  return (%x)
"""
WRITE_TO_INPUT = """graph(%x : Tensor):
  %1 : int = prim::Constant[value=1]()
  %2 : Tensor = aten::add_(%x, %1, %1)
  %3 : Tensor = aten::neg(%2)
  return (%1)
"""
PLAIN = {
    name: text
    for name, text in globals().items()
    if name.isupper() and isinstance(text, str) and text.startswith("graph(")
}
WRITE_TO_FRESH = """graph(%x : Tensor):
  %1 : int = prim::Constant[value=1]()
  %2 : Tensor = aten::relu(%x)
  %3 : Tensor = aten::add_(%2, %1, %1)
  return (%1)
"""


@pytest.mark.parametrize("text", PLAIN.values(), ids=PLAIN)
@pytest.mark.parametrize("with_aliases", [False, True])
def test_uses_and_liveness_agree(text: str, with_aliases: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    def swept() -> tuple[str, list[str]]:
        graph = parse_graph(text)
        journal = graph.attach_journal()
        if with_aliases:
            eliminate_dead_code_with_aliases(graph)
        else:
            eliminate_dead_code(graph.block)
        return graph_text(graph), [step.because for step in journal.steps]

    graph = parse_graph(text)
    assert reads_tell_needs(graph.block, graph if with_aliases else None)
    by_uses = swept()
    monkeypatch.setattr(dead_code_elimination, "reads_tell_needs", lambda _block, _graph: False)
    assert swept() == by_uses


def test_a_write_to_what_nobody_reads_takes_the_analysis() -> None:
    graph = parse_graph(WRITE_TO_FRESH)
    assert not reads_tell_needs(graph.block, graph)
    assert eliminate_dead_code_with_aliases(graph)
    assert "aten::" not in graph_text(graph)
