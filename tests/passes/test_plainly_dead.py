"""What is plainly dead is what the liveness analysis finds dead; so is what is plainly written."""

import pytest

from jitcore.ops.lookup import schema_of
from jitcore.ops.memory_facts import SPECIAL_NODES, plan_of
from jitcore.passes import dead_code_elimination
from jitcore.passes.alias_analysis import AliasDb, is_mutable_value
from jitcore.passes.alias_analysis.plain_writes import is_plainly_written
from jitcore.passes.dead_code_elimination import eliminate_dead_code, eliminate_dead_code_with_aliases
from jitcore.passes.plainly_dead import plainly_dead_nodes
from jitcore.printing import graph_text, parse_graph
from tests.passes.programs import RandomProgram, compiled, written_graphs

UNREAD_CONSTANT = """graph(%x : Tensor):
  %1 : int = prim::Constant[value=1]()
  %2 : Tensor = aten::neg(%x)
  return (%2)
"""
UNREAD_CONSTANT_INSIDE = """graph(%x : Tensor, %c : bool):
  %a : Tensor = prim::If(%c)
    block0():
      %1 : int = prim::Constant[value=1]()
      -> (%x)
    block1():
      %2 : Tensor = aten::neg(%x)
      -> (%2)
  return (%a)
"""
LIST_READ_LATER = """graph(%x : Tensor):
  %0 : int = prim::Constant[value=0]()
  %1 : Tensor[] = prim::ListConstruct(%x)
  %2 : Tensor[] = aten::append(%1, %x)
  %3 : Tensor[] = aten::append(%1, %x)
  %4 : Tensor = aten::cat(%1, %0)
  return (%4)
"""
COUNTED_IN_AN_ATTRIBUTE = """graph(%self : __torch__.M, %x : Tensor, %c : bool):
  %1 : int = prim::Constant[value=1]()
   = prim::If(%c)
    block0():
      %2 : Tensor = prim::GetAttr[name="count"](%self)
      %3 : Tensor = aten::add_(%2, %1, %1)
      -> ()
    block1():
      -> ()
  return (%x)
"""
RAISES = """graph(%x : Tensor, %c : bool, %m : str):
  %n : NoneType = prim::Constant()
   = prim::If(%c)
    block0():
       = prim::RaiseException(%m, %n)
      -> ()
    block1():
      -> ()
  return (%x)
"""
DEAD_NODES = """graph(%x : Tensor):
  %0 : int = prim::Constant[value=0]()
  %1 : Tensor = aten::neg(%x)
  %2 : Tensor = aten::select(%1, %0, %0)
  %3 : Tensor = aten::add(%2, %2, %0)
  %4 : Tensor[] = prim::ListConstruct(%1, %3)
  %5 : Tensor = aten::cat(%4, %0)
  return (%x)
"""
DEAD_NODE_INSIDE = """graph(%x : Tensor, %c : bool):
  %2 : Tensor = aten::neg(%x)
  %a : Tensor = prim::If(%c)
    block0():
      %3 : Tensor = aten::neg(%2)
      -> (%x)
    block1():
      -> (%x)
  return (%a)
"""
COUNTED_BY_A_LOOP = """graph(%x : Tensor, %n : int):
  %1 : int = prim::Constant[value=1]()
  %t : bool = prim::Constant[value=1]()
  %a : Tensor, %b : int = prim::Loop(%n, %t, %x, %1)
    block0(%i : int, %c : Tensor, %d : int):
      %e : int = aten::add(%d, %1)
      %f : Tensor = aten::neg(%c)
      %g : Tensor = aten::neg(%f)
      -> (%t, %f, %e)
  return (%a)
"""
PLAIN = {
    name: text
    for name, text in globals().items()
    if name.isupper() and isinstance(text, str) and text.startswith("graph(")
}
LIST_READ_BEFORE = """graph(%x : Tensor):
  %1 : Tensor[] = prim::ListConstruct(%x)
  %2 : int = aten::len(%1)
  %3 : Tensor[] = aten::append(%1, %x)
  return (%2)
"""
WRITTEN_FOR_NOTHING = """graph(%x : Tensor):
  %1 : int = prim::Constant[value=1]()
  %2 : Tensor = aten::neg(%x)
  %3 : Tensor = aten::add_(%2, %1, %1)
  return (%x)
"""
EMPTY_BRANCHES = """graph(%x : Tensor, %c : bool):
   = prim::If(%c)
    block0():
      -> ()
    block1():
      -> ()
  return (%x)
"""
READ_LATER_BY_WHAT_IS_DEAD = """graph(%x : Tensor):
  %1 : int = prim::Constant[value=1]()
  %2 : Tensor = aten::neg(%x)
  %3 : Tensor = aten::add_(%2, %1, %1)
  %4 : Tensor = aten::neg(%2)
  return (%x)
"""
WRITTEN_FOR_WHAT_IS_DEAD = """graph(%x : Tensor):
  %1 : int = prim::Constant[value=1]()
  %2 : Tensor = aten::neg(%x)
  %3 : Tensor = aten::add_(%2, %1, %1)
  %4 : Tensor = aten::neg(%3)
  return (%x)
"""
RESULT_FOR_WHAT_IS_DEAD = """graph(%x : Tensor, %c : bool):
  %a : Tensor = prim::If(%c)
    block0():
      -> (%x)
    block1():
      %2 : Tensor = aten::neg(%x)
      -> (%2)
  %3 : Tensor = aten::neg(%a)
  return (%x)
"""
CARRIED_FOR_NOTHING = """graph(%x : Tensor, %n : int):
  %t : bool = prim::Constant[value=1]()
  %a : Tensor, %b : Tensor = prim::Loop(%n, %t, %x, %x)
    block0(%i : int, %c : Tensor, %d : Tensor):
      %f : Tensor = aten::neg(%c)
      -> (%t, %f, %f)
  return (%a)
"""
CARRIED_FOR_WHAT_IS_DEAD = """graph(%x : Tensor, %n : int):
  %t : bool = prim::Constant[value=1]()
  %a : Tensor, %b : Tensor = prim::Loop(%n, %t, %x, %x)
    block0(%i : int, %c : Tensor, %d : Tensor):
      %f : Tensor = aten::neg(%c)
      %g : Tensor = aten::neg(%d)
      -> (%t, %f, %f)
  return (%a)
"""
NOT_PLAIN = {
    name: text
    for name, text in globals().items()
    if name.isupper() and isinstance(text, str) and text.startswith("graph(") and name not in PLAIN
}


WRITTEN = {name: str(graph) for name, graph in written_graphs().items()}
RANDOM = {f"random {seed}": str(compiled(RandomProgram(seed).source).f.graph) for seed in range(60)}
PROGRAMS = {name: text for name, text in (WRITTEN | RANDOM).items() if "Future" not in text}


def _swept(text: str) -> str:
    graph = parse_graph(text)
    eliminate_dead_code_with_aliases(graph)
    return graph_text(graph)


def _swept_by_analysis(text: str, monkeypatch: pytest.MonkeyPatch) -> str:
    with monkeypatch.context() as patched:
        patched.setattr(dead_code_elimination, "plainly_dead_nodes", lambda _block, _graph: None)
        patched.setattr(dead_code_elimination, "reads_tell_needs", lambda _block, _graph: False)
        return _swept(text)


@pytest.mark.parametrize("text", PLAIN.values(), ids=PLAIN)
def test_plain_graphs_are_swept_as_by_the_analysis(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    graph = parse_graph(text)
    assert plainly_dead_nodes(graph.block, graph) is not None
    assert _swept(text) == _swept_by_analysis(text, monkeypatch)


@pytest.mark.parametrize("text", NOT_PLAIN.values(), ids=NOT_PLAIN)
def test_other_graphs_take_the_analysis(text: str) -> None:
    graph = parse_graph(text)
    assert plainly_dead_nodes(graph.block, graph) is None
    assert _swept(text) != graph_text(parse_graph(text))


@pytest.mark.parametrize("text", (PLAIN | NOT_PLAIN).values(), ids=PLAIN | NOT_PLAIN)
def test_where_writes_are_kept_it_is_the_same(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    graph, analysed = parse_graph(text), parse_graph(text)
    eliminate_dead_code(graph.block)
    monkeypatch.setattr(dead_code_elimination, "plainly_dead_nodes", lambda _block, _graph: None)
    monkeypatch.setattr(dead_code_elimination, "reads_tell_needs", lambda _block, _graph: False)
    eliminate_dead_code(analysed.block)
    assert graph_text(graph) == graph_text(analysed)


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs_are_swept_as_by_the_analysis(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = PROGRAMS[name]
    assert _swept(text) == _swept_by_analysis(text, monkeypatch)


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_is_made_is_plainly_written_if_the_analysis_says_so(name: str) -> None:
    graph = parse_graph(PROGRAMS[name])
    aliases = AliasDb(graph)
    for node in graph.all_nodes():
        schema = None if node.blocks or node.kind in SPECIAL_NODES else schema_of(node)
        if node.kind == "prim::ListConstruct" or (schema is not None and plan_of(schema).all_fresh):
            for output in node.outputs:
                if is_mutable_value(output):
                    assert is_plainly_written(output) in (None, aliases.value_has_writers(output))


NORMALIZED = """graph(%x : Tensor, %w : Tensor, %t : bool):
  %n : NoneType = prim::Constant()
  %f : float = prim::Constant[value=0.1]()
  %y : Tensor = aten::neg(%x)
  %m : Tensor = aten::abs(%x)
  %a : Tensor = aten::batch_norm(%y, %w, %w, %m, %m, %t, %f, %f, %t)
  %b : Tensor = aten::relu_(%a)
  %d : int = aten::dim(%y)
  return (%b)
"""


def test_a_normalization_writes_to_its_statistics_alone() -> None:
    graph = parse_graph(NORMALIZED)
    aliases = AliasDb(graph)
    made = {node.output.name: node.output for node in graph.nodes()}
    assert [is_plainly_written(made[name]) for name in "yma"] == [False, None, True]
    assert [aliases.value_has_writers(made[name]) for name in "yma"] == [False, True, True]
