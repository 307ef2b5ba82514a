"""Files that use torch.jit themselves: they work as they stand, and what they compile is compiled by us."""

import pytest
import torch
from torch.jit.frontend import NotSupportedError

import jitcore
from jitcore.printing import graph_text
from jitcore.scripting.library.unwrapping import program_of
from jitviewer.runner.script_files import ScriptFile
from tests.differential.script_modules.comparison import renumbered

pytestmark = pytest.mark.filterwarnings("ignore")

SIBLING = """
from torch.jit import script

@script
def clip(x, low: float):
    return x.clamp(min=low)

@script
class Counter:
    def __init__(self, start: int):
        self.n = start

    def up(self) -> int:
        self.n += 1
        return self.n
"""

PROGRAM = """
import copy
import torch
import torch.jit as J
import torch.nn.functional as F
from torch import nn
from torch.jit import script as compiled
from sibling_of_scripts import Counter, clip

@torch.jit.interface
class Shape(nn.Module):
    def forward(self, input: torch.Tensor) -> torch.Tensor:
        pass

@J.script
def soft(x):
    return F.softmax(clip(x, 0.5), dim=-1)

def plain(x, n: int):
    return soft(x) * n

class Net(nn.Module):
    shape: Shape

    def __init__(self, n):
        super().__init__()
        self.lin = nn.Linear(n, n)
        self.shape = torch.jit.script(nn.ReLU())
        self.words = {"a": 1}
        self.count = 0

    def forward(self, x):
        y = soft(self.lin(x))
        if y.sum() > 0:
            return self.shape(y)
        return self.extra(y)

    @torch.jit.export
    def extra(self, x):
        c = Counter(self.count)
        return x * c.up()

    @torch.jit.unused
    def hidden(self, x):
        return [print(a) for a in x]

    @torch.jit.ignore
    def left(self, x):
        return eval("x")

class Outer(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = compiled(Net(2))

    def forward(self, x):
        return self.inner(x) + self.inner.extra(x)

class Marked(torch.jit.ScriptModule):
    __constants__ = ["k"]

    def __init__(self):
        super().__init__()
        self.k = 3
        self.w = nn.Parameter(torch.ones(2))
        self.lin = nn.Linear(2, 2)

    @torch.jit.script_method
    def forward(self, x):
        return self.helper(self.lin(x)) * self.k + self.w

    @torch.jit.script_method
    def helper(self, x):
        return x + 1

model = compiled(Net(3))
copied = copy.deepcopy(model)
model.count = 7
model.words = {"b": 2}
nested = Outer()
marked = Marked()
listed = torch.jit.script(nn.Sequential(nn.Linear(2, 2), Marked()))

def steps(x):
    for i in range(int(x.shape[0])):
        x = x + i
    return x

class Branching(nn.Module):
    def forward(self, x):
        if x.sum() > 0:
            return soft(x)
        return x

    @torch.jit.export
    def twice(self, x):
        return x * 2

traced = torch.jit.trace(Branching(), torch.ones(1, 2))
traced_steps = torch.jit.trace(steps, torch.ones(3))
frozen = torch.jit.freeze(torch.jit.script(nn.Linear(2, 2)).eval())
model.eval()

def main():
    inner = torch.jit.script(nn.Linear(2, 1))
    return inner(torch.ones(1, 2))

main()
"""


@pytest.fixture(scope="module")
def script(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scripts")
    (folder / "sibling_of_scripts.py").write_text(SIBLING)
    path = folder / "uses_scripting.py"
    path.write_text(PROGRAM)
    return ScriptFile(str(path), None)


@pytest.mark.parametrize("name", ["soft", "model", "copied", "marked", "listed", "model.lin", "listed.1"])
def test_what_the_file_compiled_is_compiled_again_by_us(script, name):
    theirs = script.object(name, "")
    ours = jitcore.script(theirs)
    assert not isinstance(ours, torch.jit.ScriptModule | torch.jit.ScriptFunction)
    # Not what an archive holds of it: names of values and places are those of the file.
    assert renumbered(str(ours.graph)) == renumbered(str(theirs.graph))
    assert renumbered(ours.code) == renumbered(theirs.code)


def test_values_are_those_that_the_object_has_by_now(script):
    theirs = script.object("model", "")
    ours = jitcore.script(theirs)
    assert ours.count == 7
    assert ours.words == {"b": 2}
    assert ours.lin.weight is theirs.lin.weight
    assert not ours.training
    assert jitcore.script(script.object("copied", "")).count == 0
    x = torch.rand(2, 3)
    assert torch.equal(ours(x), theirs(x))
    assert torch.equal(ours.extra(x), x * 8)


def test_what_was_compiled_is_part_of_what_is_compiled_now(script):
    for name, arguments in (("nested", (torch.rand(1, 2),)), ("plain", (torch.rand(2), 3))):
        target = script.object(name, "")
        theirs, ours = torch.jit.script(target), jitcore.script(target)
        assert renumbered(str(ours.graph)) == renumbered(str(theirs.graph))
        assert torch.equal(ours(*arguments), theirs(*arguments))


def test_traced_objects_say_so_and_can_be_compiled_as_torch_traced_them(script):
    notes = {row.name: row.note for row in script.scriptables}
    assert notes["traced"] == notes["traced_steps"] == "traced"
    assert notes["frozen"] == "as torch loaded or rewrote it"
    assert [name for name, note in notes.items() if note] == ["traced", "traced_steps", "frozen"]
    ours = jitcore.script(script.object("traced_steps", ""))
    assert "prim::Loop" not in str(ours.graph)
    x = torch.rand(3)
    assert torch.equal(ours(x), script.object("traced_steps", "")(x))
    assert "prim::If" not in str(jitcore.script(script.object("traced", "")).graph)


def test_what_is_compiled_along_the_way_is_listed_by_the_line_of_the_call(script):
    line = PROGRAM.splitlines().index("    inner = torch.jit.script(nn.Linear(2, 1))") + 1
    name = f"Linear@{line}"
    assert name in [row.name for row in script.scriptables]
    assert jitcore.script(script.object(name, "")).weight.shape == (1, 2)
    # Parts of what has a name are found there.
    thawed = next(number for number, text in enumerate(PROGRAM.splitlines(), 1) if "jit.freeze" in text)
    assert [row.name for row in script.scriptables if "@" in row.name] == [f"Linear@{thawed}", name]


def test_what_torch_refuses_leaves_the_rest_of_the_file_usable(tmp_path):
    path = tmp_path / "refused.py"
    path.write_text(
        "import torch\n"
        "from torch import nn\n\n"
        "@torch.jit.script\n"
        "def broken(x):\n"
        "    return [lambda: x]\n\n"
        "class Net(nn.Module):\n"
        "    def forward(self, x):\n"
        "        return undefined_name(x)\n\n"
        "net = torch.jit.script(Net())\n"
        "try:\n"
        "    torch.jit.script(Net())\n"
        "    told = False\n"
        "except RuntimeError:\n"
        "    told = True\n\n"
        "@torch.jit.script\n"
        "def fine(x):\n"
        "    return x + 1\n"
    )
    script = ScriptFile(str(path), None)
    assert [row.name for row in script.scriptables] == ["broken", "Net", "net", "fine"]
    assert script.module.told
    for name, line, kind in (("broken", 6, NotSupportedError), ("net", 10, RuntimeError)):
        with pytest.raises(kind, match=f"line {line}"):
            jitcore.script(script.object(name, ""))
    assert "aten::add" in str(jitcore.script(script.object("fine", "")).graph)


def test_a_file_may_use_our_own_library(tmp_path):
    path = tmp_path / "uses_ours.py"
    path.write_text(
        "import jitcore as jit\n"
        "import torch\n\n"
        "@jit.script\n"
        "def f(x):\n"
        "    return x + 1\n\n"
        "class Marked(jit.ScriptModule):\n"
        "    @jit.script_method\n"
        "    def forward(self, x):\n"
        "        return f(x) * 2\n\n"
        "m = Marked()\n"
        "n = jit.script(torch.nn.ReLU())\n"
    )
    script = ScriptFile(str(path), None)
    assert [row.name for row in script.scriptables] == ["f", "Marked", "m", "n"]
    for name, operator in (
        ("f", "aten::add"),
        ("Marked", "aten::mul"),
        ("m", "aten::mul"),
        ("n", "prim::CallFunction"),
    ):
        function = program_of(jitcore.script(script.object(name, ""))).find("", "").function
        assert operator in graph_text(function.graph)


def test_nothing_of_torch_stays_changed(script):
    assert torch.jit.script.__module__ == torch.jit._script.__name__
    assert not hasattr(torch.jit.script, "__wrapped__")
    assert not hasattr(torch.jit._recursive.create_script_module, "__wrapped__")


LOCAL_CLASSES = """
import torch
import jitcore

def make(jit):
    @jit.script
    class Inner:
        def __init__(self, n: int):
            self.n = n

    @jit.script
    class Outer:
        def __init__(self, n: int):
            self.n = n

        def more(self, other):
            # type: (Inner) -> int
            return self.n + other.n

    @jit.script
    def added(n: int) -> int:
        return Outer(n).more(Inner(1))

    return added

theirs = make(torch.jit)
ours = make(jitcore)
"""


def test_classes_see_the_variables_of_where_they_are_scripted(tmp_path):
    path = tmp_path / "local_classes.py"
    path.write_text(LOCAL_CLASSES)
    script = ScriptFile(str(path), None)
    compiled = [script.object(name, "") for name in ("theirs", "ours")]
    assert [function(2) for function in compiled] == [3, 3]
    assert jitcore.script(compiled[0])(2) == 3
