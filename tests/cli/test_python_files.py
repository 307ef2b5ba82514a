"""`FILE.py:NAME` on the command line: compiled by the core, printed and saved as torch does, or refused."""

import importlib.util
import sys
from pathlib import Path

import pytest
import torch

from tests.cli.processes import jitviewer

PROGRAM = """
import torch
from torch import nn


def scale(x, factor: float = 2.0):
    y = x * factor
    return y.clamp(0.0, 6.0)


class Block(nn.Module):
    def __init__(self, width: int, depth: int = 2):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(width, width) for _ in range(depth)])

    def forward(self, x):
        for layer in self.layers:
            x = scale(layer(x), 0.5) + x
        return x


def bad(x):
    return (lambda y: y + 1)(x)


class Counter:
    def __init__(self, start: int):
        self.count = start

    def add(self, n: int) -> int:
        self.count += n
        return self.count
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    path = tmp_path_factory.mktemp("program") / "written_here.py"
    path.write_text(PROGRAM)
    return path


@pytest.fixture(scope="module")
def module(program):
    """The file as an import gives it."""
    specification = importlib.util.spec_from_file_location("written_here", program)
    made = importlib.util.module_from_spec(specification)
    sys.modules["written_here"] = made
    specification.loader.exec_module(made)
    yield made
    del sys.modules["written_here"]


def test_methods_of_a_class_are_those_that_torch_makes(program, module):
    torch.jit.script(module.Counter)
    unit = torch.jit._state._python_cu
    theirs = {
        f.qualified_name.rpartition(".")[2]: f
        for f in unit.get_functions()
        if ".Counter." in f.qualified_name
    }
    added = jitviewer("graph", f"{program}:Counter", "--method", "add")
    assert added.stdout == str(theirs["add"].graph), added.stderr
    made = jitviewer("code", f"{program}:Counter")
    # Torch gives the type of `self` where it prints a method as a function.
    expected = theirs["__init__"].code.replace(": __torch__.written_here.Counter", "")
    assert made.stdout == expected, made.stderr


def test_a_class_is_not_saved_by_itself(program, tmp_path):
    for arguments in (
        ("script", f"{program}:Counter", "-o", str(tmp_path / "x.pt")),
        ("run", f"{program}:Counter"),
    ):
        refused = jitviewer(*arguments)
        assert refused.returncode == 1
        assert "Counter is a class" in refused.stderr
        assert "Traceback" not in refused.stderr
    missing = jitviewer("graph", f"{program}:Counter", "--method", "reset")
    assert "Counter has no method 'reset'; it has __init__, add" in missing.stderr


def test_steps_are_of_what_was_compiled_as_in_the_window(program):
    steps = jitviewer("steps", f"{program}:Counter", "--method", "add", "--passes", "dce")
    assert (steps.returncode, steps.stderr) == (0, "")
    assert steps.stdout.startswith("dce: ")


def test_what_is_not_there_is_refused_alike_before_and_after_saving(program):
    for command in (["graph"], ["run"], ["steps", "--passes", "dce"]):
        refused = jitviewer(*command, f"{program}:scale", "--method", "nothing")
        assert refused.stderr == f"jitviewer: {program}: a function has no modules and no methods\n"


def test_graph_and_code_are_those_that_torch_makes(program, module):
    graph = jitviewer("graph", f"{program}:scale")
    assert graph.stdout == str(torch.jit.script(module.scale).graph), graph.stderr
    code = jitviewer("code", f"{program}:Block", "--args", "3, depth=1")
    assert code.stdout == torch.jit.script(module.Block(3, 1)).code, code.stderr


def test_a_saved_archive_is_one_for_torch(program, module, tmp_path):
    out = tmp_path / "block.pt"
    saved = jitviewer("script", f"{program}:Block", "--args", "4", "-o", str(out))
    assert (saved.returncode, saved.stderr) == (0, "")
    loaded = torch.jit.load(str(out))
    block = module.Block(4)
    block.load_state_dict(loaded.state_dict())
    x = torch.randn(2, 4)
    assert torch.equal(loaded(x), block(x))


def test_an_object_is_run_as_an_archive_is(program):
    done = jitviewer("run", f"{program}:scale", "--input", "float32[2,2]", "--input", "3.0")
    assert done.returncode == 0, done.stderr
    assert "Float(2, 2)" in done.stdout


def test_a_file_lists_what_it_has(program):
    listed = jitviewer("script", str(program), "--list")
    assert [line.split(",")[0].split("(")[0] for line in listed.stdout.splitlines()] == [
        "function scale", "module class Block", "function bad", "class Counter",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "more", "said"),
    [
        (":bad", [], "written_here.py:23:12: "),
        (":Block", [], "Block() raises TypeError"),
        (":nothing", [], "there is no 'nothing' in this file"),
        ("", [], "name one as"),
        (":Block", ["--args", "2", "--module", "layers.7"], "there is no module 'layers.7'"),
        (":Block", ["--args", "2", "--method", "backward"], "has no method 'backward'; it has forward"),
    ],
)
def test_what_cannot_be_shown_is_one_sentence(program, name, more, said):
    ended = jitviewer("code", f"{program}{name}", *more)
    assert ended.returncode == 1
    assert said in ended.stderr.splitlines()[0]
    assert "Traceback" not in ended.stderr


def test_a_program_that_ends_its_process_is_said_to(tmp_path):
    path = tmp_path / "ends.py"
    path.write_text("import os\nos._exit(5)\n")
    ended = jitviewer("graph", str(path))
    assert ended.returncode == 1
    assert "exit status 5" in ended.stderr


def test_a_trace_is_one_for_torch(program, module, tmp_path):
    out = tmp_path / "block.pt"
    traced = jitviewer("trace", f"{program}:Block", "--args", "4", "--input", "float32[2,4]", "-o", str(out))
    assert (traced.returncode, traced.stderr) == (0, "")
    loaded = torch.jit.load(str(out))
    block = module.Block(4)
    block.load_state_dict(loaded.state_dict())
    x = torch.randn(2, 4)
    assert torch.equal(loaded(x), block(x))


def test_what_a_trace_warns_of_is_told_with_its_line(tmp_path):
    path = tmp_path / "branches.py"
    path.write_text("def branches(x):\n    if x.sum() > 1000:\n        return x\n    return x + 1\n")
    shown = jitviewer("trace", f"{path}:branches", "--input", "float32[2]")
    assert shown.returncode == 0
    (line,) = shown.stderr.splitlines()
    assert line.startswith(f"jitviewer: {path}:2: warning: Converting a tensor to a Python boolean")


def test_code_of_a_trace_is_that_of_torch(program, module):
    shown = jitviewer("trace", f"{program}:Block", "--args", "4", "--input", "float32[2,4]")
    assert shown.stdout == torch.jit.trace(module.Block(4), torch.rand(2, 4)).code, shown.stderr


@pytest.mark.parametrize(
    ("name", "inputs", "said"),
    [
        (":scale", [], "give an --input for each"),
        (":scale", ["float33[2]"], "is no element type"),
        (":scale", ["3"], "tracing raises RuntimeError: Type 'Tuple[int]' cannot be traced."),
        (":Counter", ["float32[2]"], "'Counter' is a class: trace a function or a module"),
        (":nothing", ["float32[2]"], "there is no 'nothing' in this file"),
        (":torch", ["float32[2]"], "'torch' is a module: trace a function or a torch.nn.Module"),
    ],
)
def test_what_cannot_be_traced_is_one_sentence(program, name, inputs, said):
    words = [word for text in inputs for word in ("--input", text)]
    ended = jitviewer("trace", f"{program}{name}", *words)
    assert ended.returncode == 1
    assert said in ended.stderr.splitlines()[0]
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("raised", ["KeyboardInterrupt", "GeneratorExit('bye')"])
def test_whatever_a_program_raises_is_one_sentence(tmp_path, raised):
    path = tmp_path / "raises.py"
    path.write_text(
        "import torch\n"
        f"def called(x):\n    raise {raised}\n"
        "class Net(torch.nn.Module):\n"
        f"    def __init__(self, fails):\n        raise {raised}\n"
        "class Strange(torch.nn.Module):\n"
        f"    def __prepare_scriptable__(self):\n        raise {raised}\n"
    )
    kind = raised.partition("(")[0]
    for words, line, what in (
        (("trace", f"{path}:called", "--input", "float32[2]"), 3, "tracing"),
        (("script", f"{path}:Net", "--args", "1"), 6, "Net(1)"),
        (("script", f"{path}:Strange"), 9, "compiling"),
    ):
        ended = jitviewer(*words)
        assert ended.returncode == 1
        (said,) = ended.stderr.splitlines()
        assert said.startswith(f"jitviewer: {path}:{line}:0: {what} raises {kind}"), said
    path.write_text(f"raise {raised}\n")
    said = jitviewer("script", f"{path}:f").stderr
    assert "Traceback" not in said
    assert said.startswith(f"jitviewer: {path}:1:0: running the file raises {kind}")


def test_what_is_no_program_is_not_compiled_in_one_sentence(program):
    ended = jitviewer("script", f"{program}:torch")
    (said,) = ended.stderr.splitlines()
    assert said == f"jitviewer: {program}: compiling raises TypeError: <class 'module'> is a built-in class"


@pytest.mark.parametrize("command", ["trace", "script"])
def test_an_archive_that_cannot_be_written_is_the_one_that_is_named(program, tmp_path, command):
    words = ["--input", "float32[2]"] if command == "trace" else []
    absent = tmp_path / "absent"
    ended = jitviewer(command, f"{program}:scale", *words, "-o", str(absent / "out.pt"))
    said = f"jitviewer: {absent / 'out.pt'} cannot be written: there is no folder {absent}\n"
    assert (ended.returncode, ended.stderr) == (1, said)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_an_archive_without_room_is_the_one_that_is_named(program):
    ended = jitviewer("script", f"{program}:scale", "-o", "/dev/full")
    assert (ended.returncode, ended.stderr) == (
        1,
        "jitviewer: /dev/full: cannot be written: No space left on device\n",
    )


def test_threads_that_a_program_leaves_behind_are_not_waited_for(tmp_path):
    path, out = tmp_path / "threads.py", tmp_path / "out.pt"
    path.write_text(
        "import threading\n"
        "def waits(x):\n"
        "    threading.Thread(target=threading.Event().wait).start()\n"
        "    return x + 1\n"
    )
    ended = jitviewer("trace", f"{path}:waits", "--input", "float32[2]", "-o", str(out))
    assert (ended.returncode, ended.stderr) == (0, "")
    assert out.is_file()
