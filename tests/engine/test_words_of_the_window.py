"""What the engine tells a window names what a window has, not options and commands of the command line."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import jitcore
import jitviewer
from jitviewer.protocol import events, requests
from tests.archive.handmade import ArchiveMaker
from tests.engine.engine_process import EngineProcess

CORE, PROGRAM = Path(jitcore.__file__).parent, Path(jitviewer.__file__).parent
SAID_ON_THE_COMMAND_LINE = {"ui/screenshot.py", "jitcore/diagnose/divergence/report.py"}
"""What draws the window for a command, and speaks to whoever typed it; a page of styles."""

SHOWN_IN_THE_WINDOW = (CORE, PROGRAM / "engine", PROGRAM / "runner", PROGRAM / "ui")
COMMAND_LINE = re.compile(
    r"(?<![-\w])--[a-z]|\bjitviewer (tree|code|graph|passes|steps|run|diff|export|script)\b"
)

GREEDY = b"""class M(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  def forward(self: __torch__.M, n: int) -> Tensor:
    return torch.zeros([n])
"""


def texts(folder: Path) -> Iterator[tuple[str, str]]:
    """File and text of every string that is no docstring."""
    for file in sorted(folder.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
                yield str(file.relative_to(folder.parent)), node.value


@pytest.mark.parametrize("folder", SHOWN_IN_THE_WINDOW, ids=lambda folder: folder.name)
def test_no_sentence_names_an_option_or_a_command(folder):
    found = [(file, text) for file, text in texts(folder) if file not in SAID_ON_THE_COMMAND_LINE]
    assert len(found) > 100
    assert [(file, text) for file, text in found if COMMAND_LINE.search(text)] == []


def test_a_run_that_wants_more_memory_names_the_setting(engine: EngineProcess, tmp_path):
    from jitviewer.ui.pages import settings_page

    engine.open(ArchiveMaker(tmp_path).archive(records={"code/__torch__.py": GREEDY}))
    engine.send(requests.Run(1, ["1000000000"], "cpu", 1, 0, 0, memory=300 << 20))
    stopped = engine.until(events.RunStopped, events.RunDone)[-1]
    assert isinstance(stopped, events.RunStopped)
    assert stopped.sentence.endswith(
        "the run needs more memory than the 300 MiB that it may take; "
        "allow more in the settings, under Memory of a run"
    )
    # The words are those of the field.
    assert '"Memory of a run, GiB"' in Path(settings_page.__file__).read_text(encoding="utf-8")
