"""What is shown of a Python file is what torch.jit.script makes of it, not what an archive would hold."""

import importlib.util
import sys

import pytest
import torch

from jitviewer.engine.scripts import content_of
from jitviewer.protocol import events, requests
from tests.differential.script_modules.comparison import renumbered

PROGRAM = """
from enum import Enum
from typing import Dict, List, NamedTuple, Optional

import torch
from torch import nn

SCALE = torch.tensor([1.5, 2.5])


class Colour(Enum):
    RED = 1
    BLUE = 2


class Point(NamedTuple):
    x: torch.Tensor
    weight: float = 0.5


class Counter:
    def __init__(self, start: int):
        self.count = start

    def step(self) -> int:
        self.count += 1
        return self.count


def place(x: torch.Tensor, colour: Colour, at: Optional[int] = None) -> Point:
    counter = Counter(3)
    while counter.step() < 6:
        x = x + counter.count
    if colour == Colour.RED:
        return Point(torch.nn.functional.softmax(x, 0), 1.0)
    if at is not None:
        x = x * at
    return Point(x)


def counted() -> int:
    return Counter(2).step()


def summed(values: List[int], by_name: Dict[str, int]) -> int:
    return sum([value * 2 for value in values]) + by_name["a"]


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(2, 2), nn.ReLU())
        self.scale = SCALE

    def forward(self, x):
        y = self.layers(x)
        return self.helper(y) * self.scale

    def helper(self, y):
        return place(y, Colour.BLUE).x


class Asks(nn.Module):
    @torch.jit.ignore
    def ask(self, x: torch.Tensor) -> int:
        return int(input())

    @torch.jit.unused
    def never(self, x):
        return eval("x")

    def forward(self, x):
        if x.numel() > 10:
            return self.never(x)
        return x + self.ask(x)


net = Net()
asks = Asks()
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    path = tmp_path_factory.mktemp("program") / "shown_as_compiled.py"
    path.write_text(PROGRAM)
    return path


@pytest.fixture(scope="module")
def expected(program):
    """The file as an import gives it to torch."""
    specification = importlib.util.spec_from_file_location(program.stem, program)
    made = importlib.util.module_from_spec(specification)
    sys.modules[program.stem] = made
    specification.loader.exec_module(made)
    yield made
    del sys.modules[program.stem]


@pytest.fixture(scope="module")
def opened(shared_engine, program):
    engine = shared_engine
    engine.send(requests.OpenDocument(1, str(program), trusted=content_of(str(program))))
    while any(row.detail == "compiling" for row in engine.until(events.TreeChanged)[-1].tree):
        pass
    return engine


def shown(engine, place, passes=()):
    """The last events of each kind after a method was shown and its passes chosen."""
    engine.send(requests.ShowMethod(1, *place))
    found = {type(event): event for event in engine.until(events.CanvasChanged, events.MethodFailed)}
    assert events.MethodFailed not in found, found
    engine.send(requests.SetPasses(1, list(passes)))
    found |= {type(event): event for event in engine.until(events.CanvasChanged)}
    return found


@pytest.mark.parametrize("name", ["place", "summed"])
def test_a_function_has_its_own_graph_and_code(opened, expected, name):
    theirs = torch.jit.script(getattr(expected, name))
    found = shown(opened, ("", name))
    assert renumbered(found[events.GraphChanged].view.text) == renumbered(str(theirs.graph))
    assert renumbered(found[events.CodeChanged].view.text) == renumbered(theirs.code)
    found = shown(opened, ("", name), ["inline"])
    assert renumbered(found[events.GraphChanged].view.text) == renumbered(str(theirs.inlined_graph))


@pytest.mark.parametrize(("name", "method"), [("net", "forward"), ("net", "helper"), ("asks", "forward")])
def test_a_method_has_its_own_graph_and_code(opened, expected, name, method):
    theirs = getattr(torch.jit.script(getattr(expected, name)), method)
    found = shown(opened, (f"{name}:", method))
    assert renumbered(found[events.GraphChanged].view.text) == renumbered(str(theirs.graph))
    assert renumbered(found[events.CodeChanged].view.text) == renumbered(theirs.code)
    found = shown(opened, (f"{name}:", method), ["inline"])
    assert renumbered(found[events.GraphChanged].view.text) == renumbered(str(theirs.inlined_graph))


def test_a_function_is_run_node_by_node_as_it_is_shown(opened):
    shown(opened, ("", "summed"), ["inline", "constant-propagation", "cse", "dce"])
    opened.send(requests.Run(1, ["[1, 2, 3]", "{'a': 5}"], "cpu", 1, 0, 0))
    done = opened.until(events.RunDone, events.RunStopped)[-1]
    assert isinstance(done, events.RunDone), done
    assert done.outputs[0].text == "17"
    timed = {time.node_id: time.kind for time in done.times}
    for node, kind in timed.items():
        opened.send(requests.InspectNode(1, node))
        assert opened.until(events.Inspected)[-1].title == f"{kind} #{node}"


def test_a_module_is_run_with_its_weights(opened, expected):
    shown(opened, ("net:", "forward"), ["inline"])
    opened.send(requests.Run(1, ["float32[2,2]"], "cpu", 1, 0, 0))
    done = opened.until(events.RunDone, events.RunStopped)[-1]
    assert isinstance(done, events.RunDone), done
    assert done.outputs[0].type == "Float(2, 2)"


def test_what_is_left_to_python_is_shown_and_says_why_it_cannot_be_run(opened):
    shown(opened, ("asks:", "forward"), ["inline"])
    opened.send(requests.Run(1, ["float32[2,2]"], "cpu", 1, 0, 0))
    stopped = opened.until(events.RunDone, events.RunStopped)[-1]
    assert isinstance(stopped, events.RunStopped), stopped
    assert "ask" in stopped.sentence
    assert "only the program that was compiled can call" in stopped.sentence


def test_a_function_without_arguments_explains_what_was_inlined(opened, expected):
    found = shown(opened, ("", "counted"), ["inline"])
    assert renumbered(found[events.GraphChanged].view.text) == renumbered(
        str(torch.jit.script(expected.counted).inlined_graph)
    )
    assert any("calls" in step.because for step in found[events.StepsChanged].steps)
