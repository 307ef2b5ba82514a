"""With each mend of the runner taken out on purpose, what confines it stops the file all the same."""

import queue
import sys
from pathlib import Path

import pytest

from jitviewer.child_processes import module_environment
from jitviewer.confinement import Role, landlock, seccomp
from jitviewer.confinement.confining import confined_environment
from jitviewer.engine.handing_files import send_run
from jitviewer.engine.runner_link import RunnerDied, RunnerLink
from jitviewer.launching.processes import OwnProcess
from jitviewer.protocol.constants import encode_constant
from jitviewer.protocol.runner_messages import (
    Evaluated,
    EvaluateRequest,
    RunFailed,
    RunRequest,
    RunResult,
)
from tests.hostile.archives import SECRET, executing_attribute, reading_beyond, warning_from

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux") or not landlock.version() or seccomp.machine() is None,
    reason="this system does not offer what confines",
)
TORN_OUT = {
    "states": """
import jitcore.exec.custom_classes as classes
classes.why_no_state = lambda *_: ""
classes.check_state = lambda *_: None
""",
    "warnings": """
import warnings
import jitcore.exec.builtins as builtins
def warn(message, place):
    warnings.warn_explicit(message, UserWarning, *place.file_line_col()[:2])
builtins.warn_at = warn
""",
    "operators": """
import jitcore.exec.evaluator as evaluator, jitcore.exec.plan_builder as plan
evaluator.why_not_folded = lambda *_: ""
evaluator.checker = plan.checker = lambda *_: None
plan.why_not_run = lambda *_: ""
""",
}
LAST = (RunResult, RunFailed, RunnerDied, Evaluated)


class Torn:
    """A confined runner without one of its mends."""

    def __init__(self, mend: str, role: Role = Role.RUNNER) -> None:
        program = "from jitviewer.runner.__main__ import main\n"
        # After it was confined, and before it meets the file.
        program += "import jitviewer.runner.server as server\nserve = server.serve\n"
        program += f"def torn(*given):\n    exec({TORN_OUT[mend]!r}, {{}})\n    serve(*given)\n"
        program += "server.serve = torn\nmain()\n"
        command = [sys.executable, "-P", "-c", program, role.value]
        environment = confined_environment(module_environment())
        self.news: queue.SimpleQueue = queue.SimpleQueue()
        self.link = RunnerLink(
            self.news.put, start=lambda _role, _libraries: OwnProcess(command, environment, takes_files=True)
        )

    def last(self):
        """What came of it in the end."""
        while not isinstance(news := self.news.get(timeout=120), LAST):
            pass
        self.link.kill()
        return news


def run(mend: str, file: Path, *inputs: str):
    """Run `forward` of a file without a mend; what came of it."""
    torn = Torn(mend)
    send_run(torn.link, RunRequest(1, str(file), "", "forward", [], list(inputs)), {})
    return torn.last()


def test_a_state_that_executes_code_makes_nothing(tmp_path: Path) -> None:
    outcome = run("states", executing_attribute(tmp_path), "float32[2]")
    assert isinstance(outcome, RunFailed), outcome
    # It did execute, and could not do what it was there for.
    assert "Permission denied" in outcome.sentence
    assert not (tmp_path / "EXECUTED").exists()


def test_a_warning_cannot_open_the_file_that_it_names(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "secret.txt").write_text("\n".join([SECRET] * 40))
    outcome = run("warnings", warning_from(tmp_path, tmp_path / "secret.txt", "w.pt"), "float32[1]")
    assert isinstance(outcome, RunResult), outcome
    told = capfd.readouterr().err
    assert "secret.txt" in told
    assert SECRET not in told


def test_writing_beyond_a_tensor_ends_one_process_at_most(tmp_path: Path) -> None:
    before = sorted(path.name for path in tmp_path.iterdir())
    file = reading_beyond(tmp_path, offset=1_000_000_000)
    outcome = run("operators", file, "float32[2]")
    assert isinstance(outcome, RunFailed | RunnerDied), outcome
    assert sorted(path.name for path in tmp_path.iterdir()) == [*before, file.name]


def test_reading_beyond_a_tensor_finds_nothing_of_the_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOMEBODYS_TOKEN", SECRET)
    torn = Torn("operators", Role.EVALUATOR)
    # What is there to be read is what the process holds, and it holds no variables but those on the list.
    arguments = encode_constant(["/proc/self/environ", False, 64, 0, None, None, None], lambda _: None)
    torn.link.send(EvaluateRequest(1, "aten::from_file", arguments, 1 << 20))
    outcome = torn.last()
    assert isinstance(outcome, Evaluated | RunnerDied), outcome
    assert SECRET.encode() not in getattr(outcome, "result", b"")
    assert "SOMEBODYS_TOKEN" not in confined_environment(module_environment())
