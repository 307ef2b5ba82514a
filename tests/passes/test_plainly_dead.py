"""What is plainly dead is what the liveness analysis finds dead; so are plainly written lists."""

import pytest

from jitcore.passes import dead_code_elimination
from jitcore.passes.alias_analysis import AliasDb
from jitcore.passes.alias_analysis.plain_writes import is_plainly_written
from jitcore.passes.dead_code_elimination import eliminate_dead_code_with_aliases
from jitcore.passes.plainly_dead import unread_constants
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
PLAIN = {
    name: text
    for name, text in globals().items()
    if name.isupper() and isinstance(text, str) and text.startswith("graph(")
}
DEAD_NODE = """graph(%x : Tensor):
  %1 : Tensor = aten::neg(%x)
  return (%x)
"""
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
        patched.setattr(dead_code_elimination, "unread_constants", lambda _block, _graph: None)
        patched.setattr(dead_code_elimination, "reads_tell_needs", lambda _block, _graph: False)
        return _swept(text)


@pytest.mark.parametrize("text", PLAIN.values(), ids=PLAIN)
def test_plain_graphs_are_swept_as_by_the_analysis(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    graph = parse_graph(text)
    assert unread_constants(graph.block, graph) is not None
    assert _swept(text) == _swept_by_analysis(text, monkeypatch)


@pytest.mark.parametrize("text", NOT_PLAIN.values(), ids=NOT_PLAIN)
def test_other_graphs_take_the_analysis(text: str) -> None:
    graph = parse_graph(text)
    assert unread_constants(graph.block, graph) is None
    assert _swept(text) != graph_text(parse_graph(text))


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs_are_swept_as_by_the_analysis(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = PROGRAMS[name]
    assert _swept(text) == _swept_by_analysis(text, monkeypatch)


@pytest.mark.parametrize("name", PROGRAMS)
def test_lists_are_plainly_written_if_the_analysis_says_so(name: str) -> None:
    graph = parse_graph(PROGRAMS[name])
    aliases = AliasDb(graph)
    for node in graph.all_nodes():
        if node.kind == "prim::ListConstruct":
            plainly = is_plainly_written(node.outputs[0])
            assert plainly in (None, aliases.value_has_writers(node.outputs[0]))
