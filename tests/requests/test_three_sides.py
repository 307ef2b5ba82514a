"""The window, the command line and a run mean the same program by the same words, and refuse alike."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import torch

from jitcore.requests.program_name import ProgramName
from jitcore.source import JitError
from jitviewer.commands.command_line import main
from jitviewer.engine.shown_script import ShownScript
from jitviewer.protocol.rows import ScriptableRow
from jitviewer.runner.script_files import ScriptFile
from tests.requests.three_sides import of_the_command_line, of_the_engine, of_the_library, of_the_runner


@torch.jit.interface
class Adds(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        pass


class AddsOne(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + 1


@torch.jit.script
def halved(x: torch.Tensor) -> torch.Tensor:
    return x / 2


@torch.jit.script
class Counter:
    def __init__(self, n: int):
        self.n = n

    @staticmethod
    def twice(n: int) -> int:
        return n * 2

    def add(self, k: int) -> int:
        self.n += k
        return self.n


class Net(torch.nn.Module):
    adds: Adds

    def __init__(self):
        super().__init__()
        self.adds = AddsOne()
        self.plain = AddsOne()
        self.counter = Counter(3)

    @torch.jit._overload_method
    def sized(self, x: int) -> int:
        pass

    @torch.jit._overload_method
    def sized(self, x: torch.Tensor) -> torch.Tensor:  # noqa: F811
        pass

    def sized(self, x):  # noqa: F811
        return x + 1

    @torch.jit.export
    def pairs(self, x: torch.Tensor) -> list[tuple[torch.Tensor, int]]:
        return [(halved(x), 1), (x, 2)]

    @torch.jit.export
    def tail(self, x: torch.Tensor) -> torch.Tensor:
        return x

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return halved(self.adds(self.sized(x))) + self.counter.add(Counter.twice(self.sized(2)))


@pytest.fixture(scope="module")
def programs(tmp_path_factory) -> Path:
    """A folder with the archive, one with a method that does not compile, and the text of a graph."""
    folder = tmp_path_factory.mktemp("programs")
    scripted = torch.jit.script(Net())
    scripted.save(str(folder / "net.pt"))
    before, after = zipfile.ZipFile(folder / "net.pt"), zipfile.ZipFile(folder / "broken.pt", "w")
    with before, after:
        for name in before.namelist():
            data = before.read(name)
            if b"def tail" in data:
                data = re.sub(rb"(def tail.*?\n    return )x", rb"\1nothing", data, flags=re.DOTALL)
                assert b"nothing" in data
            after.writestr(name, data)
    (folder / "halved.ir").write_text(str(halved.graph))
    return folder


def qualified(name: str) -> str:
    return f"__torch__.{__name__}.{name}"


def test_what_is_there_is_the_same_on_all_sides(programs: Path, capsys) -> None:
    loaded = torch.jit.load(programs / "net.pt")
    overloads = [name for name in loaded._c._method_names() if name.startswith("sized")]
    assert len(overloads) == 2
    for file, module_path, method in (
        ("net.pt", "", "forward"),
        *(("net.pt", "", name) for name in overloads),
        ("net.pt", "adds", "forward"),
        ("net.pt", "counter", "add"),
        ("net.pt", "", qualified("halved")),
        ("net.pt", "", qualified("twice")),
        ("halved.ir", "", "forward"),
        ("halved.ir", "", "graph"),
    ):
        for passes in ([], ["inline", "peephole{disable_shape_peepholes=true}", "dce"]):
            asked = str(programs / file), module_path, method, passes
            shown = of_the_engine(*asked)
            assert shown.text, (asked, shown.sentence)
            assert of_the_command_line(capsys, *asked) == shown
            assert of_the_runner(*asked) == shown
            if not passes and file == "net.pt" and module_path != "counter" and "." not in method:
                module = getattr(loaded, module_path) if module_path else loaded
                assert shown.text == str(module._c._get_method(method).graph)


@pytest.mark.parametrize(
    ("file", "module_path", "method", "sentence"),
    [
        ("net.pt", "a.b", "forward", "there is no module 'a.b' (nothing called 'a')"),
        ("net.pt", "plain.", "forward", "there is no module 'plain.'"),
        ("net.pt", "", "nothing", "the root module has no method 'nothing'; it has sized__0, "),
        ("net.pt", "plain", "nothing", "module 'plain' has no method 'nothing'; it has forward"),
        ("net.pt", "", "forward1", "the root module has no method 'forward1'; it has sized__0, "),
        ("net.pt", "", "halved", "the root module has no method 'halved'; it has sized__0, "),
        ("net.pt", "plain", qualified("halved"), "module 'plain' has no method '__torch__."),
        ("net.pt", "", qualified("nothing"), f"the code defines no function {qualified('nothing')}"),
        ("net.pt", "", qualified("Net.forward"), "the code defines no function"),
        ("net.pt", "", qualified("Adds.forward"), "the code defines no function"),
        ("net.pt", "", qualified("Counter.twice"), "the code defines no function"),
        ("broken.pt", "", "tail", "nothing"),
        ("halved.ir", "a", "forward", "is IR text: it has one graph and no modules or methods"),
        ("halved.ir", "", "nothing", "is IR text: it has one graph and no modules or methods"),
    ],
)
def test_what_is_not_there_is_refused_alike(
    programs: Path, capsys, file: str, module_path: str, method: str, sentence: str
) -> None:
    asked = str(programs / file), module_path, method, []
    said = of_the_engine(*asked).sentence
    assert sentence in said
    assert file in said or file == "broken.pt"
    # Below the sentence on code that does not compile stands that code.
    assert of_the_command_line(capsys, *asked).sentence.split("\n")[0] == said
    assert of_the_runner(*asked).sentence == said


@pytest.mark.parametrize(
    "passes",
    [
        ["inline", "no-such-pass"],
        ["dce{nothing=true}"],
        ["inline", "peephole{disable_shape_peepholes=7}"],
        ["a{"],
    ],
)
def test_passes_that_there_are_not_are_refused_alike(programs: Path, capsys, passes: list[str]) -> None:
    asked = str(programs / "net.pt"), "", "forward", passes
    said = of_the_engine(*asked).sentence
    assert "pass" in said or "option" in said or "true or false" in said
    for command in ("graph", "code", "steps", "run"):
        assert of_the_command_line(capsys, *asked, command).sentence == said
    assert of_the_runner(*asked).sentence == said


class NoForward(torch.nn.Module):
    @torch.jit.export
    def first(self, x: torch.Tensor) -> torch.Tensor:
        return x + 1

    @torch.jit.export
    def second(self, x: torch.Tensor) -> torch.Tensor:
        return x * 2


def test_without_a_name_the_method_is_meant_that_the_window_shows(tmp_path: Path, capsys) -> None:
    file = str(tmp_path / "plain.pt")
    torch.jit.script(NoForward()).save(file)
    opened = of_the_engine(file, "", "first", [])
    assert of_the_command_line(capsys, file, "", "", []) == opened
    assert of_the_runner(file, "", "", []) == opened
    # To run a module is to call it, which is its forward.
    said = of_the_command_line(capsys, file, "", "", [], "run").sentence
    assert said.endswith("the root module has no method 'forward'; it has first, second")


def test_a_pass_that_cannot_rewrite_the_graph_is_named_and_why(programs: Path, capsys) -> None:
    """The window leaves it out; what prints and runs stops, as if it had not been asked for."""
    file, passes = str(programs / "net.pt"), ["inline", "lower-all-tuples", "dce"]
    shown = of_the_engine(file, "", "pairs", passes)
    why = shown.sentence.partition("was left out: ")[2]
    assert "tuple" in why
    said = f"lower-all-tuples cannot rewrite this graph: {why}"
    for command in ("graph", "code"):
        assert of_the_command_line(capsys, file, "", "pairs", passes, command).sentence == said
    assert of_the_runner(file, "", "pairs", passes).sentence == said
    assert told_by_steps(capsys, file, passes).endswith(said)
    rest = ["inline", "dce"]
    assert of_the_runner(file, "", "pairs", rest).text == shown.text
    assert of_the_command_line(capsys, file, "", "pairs", rest).text == shown.text


def told_by_steps(capsys, file: str, passes: list[str]) -> str:
    capsys.readouterr()
    assert main(["steps", file, "--method", "pairs", "--passes", ",".join(passes)]) == 1
    told = capsys.readouterr()
    assert "dce: " in told.out
    return told.err.strip()


@pytest.mark.parametrize(
    ("compiled", "module_path", "method", "sentence"),
    [
        (Net, "a.b", "forward", "there is no module 'a.b' (nothing called 'a'); the tree lists the modules"),
        (Net, "", "nothing", "the root module has no method 'nothing'; it has sized__0, "),
        (Net, "", qualified("nothing"), f"the code defines no function {qualified('nothing')}"),
        (halved, "", "nothing", "a function has no modules and no methods"),
        (halved, "a", "", "a function has no modules and no methods"),
        (Counter, "", "nothing", "Counter has no method 'nothing'; it has __init__, add"),
    ],
)
def test_what_python_compiles_is_asked_for_in_the_same_words(
    compiled, module_path: str, method: str, sentence: str
) -> None:
    subject = compiled() if compiled is Net else compiled
    assert of_the_library(subject, module_path, method, []).sentence.startswith(sentence)


def test_what_python_compiles_is_found_by_the_same_names(programs: Path) -> None:
    net = Net()
    for module_path, method in (("", "tail"), ("plain", ""), ("", qualified("halved")), ("counter", "add")):
        ours = of_the_library(net, module_path, method, ["inline"])
        read = of_the_runner(str(programs / "net.pt"), module_path, method, ["inline"])
        assert without_places(ours.text) == without_places(read.text) != ""


def without_places(text: str) -> str:
    return "\n".join(line.partition(" #")[0] for line in text.split("\n"))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("net.pt", ("net.pt", "")),
        ("a:b.pt", ("a:b.pt", "")),
        ("net.py", ("net.py", "")),
        ("net.py:Net", ("net.py", "Net")),
        ("a.py:b.py:f", ("a.py:b.py", "f")),
        ("net.py:", ("net.py", "")),
        ("halved.ir:x", ("halved.ir:x", "")),
    ],
)
def test_a_name_of_a_program_is_read_in_one_way(text: str, named: tuple[str, str]) -> None:
    assert ProgramName.read(text) == named
    assert ProgramName.read(text).is_python == named[0].endswith(".py")


def test_an_object_that_a_file_has_not_is_refused_alike(tmp_path: Path) -> None:
    path = tmp_path / "written.py"
    path.write_text("def f(x):\n    return x\n\ndef g(x):\n    return x\n")
    with pytest.raises(JitError) as error:
        ScriptFile(str(path), None).object("h", "")
    shown = ShownScript(1, str(path), None)
    list(shown.take_list([ScriptableRow("f", "function", 1), ScriptableRow("g", "function", 4)], ""))
    (failed,) = shown.show("h:", "forward")
    assert failed.sentence == f"{path}: {error.value}"
    assert str(error.value) == "there is no 'h' in this file; it has f, g"


def test_an_ambiguous_name_lists_what_could_be_meant() -> None:
    assert ProgramName("a.py", "f").choose(["f", "g"]) == "f"
    assert ProgramName("a.py").choose(["g"]) == "g"
    with pytest.raises(JitError, match=re.escape("a.py defines f, g; name one as a.py:NAME")):
        ProgramName("a.py").choose(["f", "g"])
    with pytest.raises(JitError, match="defines no function, module or class"):
        ProgramName("a.py").choose([])


def test_requests_need_no_torch() -> None:
    program = (
        "import sys, jitcore.requests.resolving, jitcore.requests.program, jitcore.requests.texts\n"
        "import jitcore.requests.journalled_method; assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
