"""What failing programs say: the reason, the node, and the traceback through the source."""

import pytest
import torch

from jitcore.exec import ExecutionError, Interpreter, MissingOperatorError, run
from jitcore.printing import parse_graph


def inner(x: torch.Tensor) -> torch.Tensor:
    return x.view(7)


def outer(x: torch.Tensor) -> torch.Tensor:
    y = x + 1
    return inner(y)


def test_operator_failure_names_node_and_places(agree):
    error = agree.fails(outer, torch.zeros(3))
    assert error.kind == "aten::view"
    assert [place.function for place in error.places] == ["forward", "inner"]
    assert all(place.file.endswith("test_execution_errors.py") for place in error.places)
    assert "x.view(7)" in error.traceback
    assert "~" in error.traceback
    assert str(error).startswith("aten::view at ")
    assert "\n" not in str(error)


def test_node_is_the_call_in_the_graph_that_was_run(agree):
    interpreter, module, _ = agree.load(outer)
    function = module.method("forward")
    with pytest.raises(ExecutionError) as caught:
        interpreter.run(function, [module, torch.zeros(3)])
    (call,) = (node for node in function.graph.all_nodes() if node.kind == "prim::CallFunction")
    assert caught.value.node_id == call.id


def raises(x: int) -> int:
    if x > 2:
        raise ValueError("x is too large: " + str(x))
    return x


def test_raised_exception(agree):
    agree(raises, 2)
    error = agree.fails(raises, 3)
    assert error.reason == "x is too large: 3"
    assert error.raised_class == "builtins.ValueError"
    assert str(error).startswith("the program raised builtins.ValueError at ")


def asserts(xs: list[int]) -> int:
    assert len(xs) > 1, "too short"
    return xs[5]


def test_assertion_and_index(agree):
    assert agree.fails(asserts, [1]).reason == "AssertionError: too short"
    assert "out of range" in agree.fails(asserts, [1, 2]).reason


def divide(x: int) -> int:
    return 3 // x + 5 % x


def test_division_by_zero(agree):
    agree.fails(divide, 0)


def fails_in_fork(x: torch.Tensor) -> torch.Tensor:
    future = torch.jit.fork(inner, x)
    return torch.jit.wait(future)


def test_failure_of_a_fork_comes_with_the_wait(agree):
    error = agree.fails(fails_in_fork, torch.zeros(2))
    assert error.kind == "aten::view"


def test_missing_operator_fails_only_where_it_runs():
    graph = parse_graph("""graph(%x : Tensor, %c : bool):
  %r : Tensor = prim::If(%c)
    block0():
      %y : Tensor = fancy_ops::spin(%x)
      -> (%y)
    block1():
      -> (%x)
  return (%r)
""")
    x = torch.ones(2)
    assert run(graph, [x, False]) is x
    with pytest.raises(MissingOperatorError) as caught:
        run(graph, [x, True])
    assert caught.value.kind == "fancy_ops::spin"
    assert "fancy_ops" in str(caught.value)


@pytest.mark.usefixtures("without_torchvision")
def test_missing_package_is_named():
    graph = parse_graph("""graph(%b : Tensor, %s : Tensor, %t : float):
  %r : Tensor = torchvision::nms(%b, %s, %t)
  return (%r)
""")
    with pytest.raises(MissingOperatorError, match="install torchvision"):
        run(graph, [torch.zeros(1, 4), torch.zeros(1), 0.5])


def test_files_are_out_of_reach_unless_allowed(tmp_path):
    target = tmp_path / "saved.pt"
    graph = parse_graph(f"""graph(%x : Tensor):
  %name : str = prim::Constant[value="{target}"]()
   = aten::save(%x, %name)
  return (%x)
""")
    with pytest.raises(MissingOperatorError, match="file system"):
        Interpreter().run(graph, [torch.zeros(1)])
    assert not target.exists()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ([], "argument 'x' of forward is missing"),
        (["a"], "argument .x. of forward is a int, got str"),
        ([1, 2], "forward takes 1 argument, got 2"),
    ],
)
def test_arguments_are_checked(agree, arguments, reason):
    interpreter, module, _ = agree.load(raises)
    with pytest.raises(ExecutionError, match=reason):
        interpreter.run(module.method("forward"), [module, *arguments])
