"""The facts about memory agree with what the analysis makes of them."""

import pytest

from jitcore.ops.memory_facts import (
    NEVER_WRITES,
    SPECIAL_NODES,
    may_write_unseen,
    shared_inputs,
    writes,
    written_inputs,
)
from jitcore.passes.alias_analysis import AliasDb
from jitcore.passes.alias_analysis.special_nodes import HANDLERS
from jitcore.printing import parse_graph
from tests.passes.programs import written_graphs


def test_every_special_kind_is_analyzed_by_its_rule() -> None:
    assert HANDLERS.keys() == SPECIAL_NODES.keys()
    assert len({HANDLERS[kind] for kind in SPECIAL_NODES}) == len(set(SPECIAL_NODES.values()))


@pytest.mark.parametrize("program", sorted(written_graphs()))
def test_the_analysis_finds_the_writes_that_the_facts_tell(program: str) -> None:
    graph = parse_graph(str(written_graphs()[program]))
    db = AliasDb(graph)
    for node in graph.all_nodes():
        written = db.written_by(node)
        if node.kind in NEVER_WRITES:
            assert not written, node
        if writes(node):
            assert written, node
        assert writes(node) == bool(written_inputs(node)), node


VIEWS = """graph(%x : Tensor, %l : Tensor[]):
  %0 : int = prim::Constant[value=0]()
  %a : Tensor = aten::select(%x, %0, %0)
  %b : Tensor = aten::neg(%x)
  %c : Tensor = aten::__getitem__(%l, %0)
  %d : Tensor = aten::add_(%a, %b, %0)
  %e : Tensor = prim::CallFunction(%x, %d)
  return (%c, %e)
"""


def test_results_share_memory_with_what_the_schema_says() -> None:
    nodes = {node.output.name: node for node in parse_graph(VIEWS).nodes()}
    assert {name: shared_inputs(nodes[name], 0) for name in "abcde"} == {
        "a": (0,), "b": (), "c": None, "d": (0,), "e": (),
    }  # fmt: skip
    assert [name for name in "abcde" if written_inputs(nodes[name])] == ["d"]
    assert [name for name in "abcde" if may_write_unseen(nodes[name])] == ["e"]
