"""`--time-limit` ends whatever a command does or waits for, in a sentence and with exit status 1."""

import pytest

from jitviewer.commands.command_line import COMMANDS, CONFINED, main
from tests.archive.handmade import ArchiveMaker
from tests.cli.processes import jitviewer

CODE = """class M(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  def forward(self: __torch__.M, x: Tensor) -> Tensor:
{body}
"""
LOOPS = "    y = x\n    while True:\n      y = torch.add(y, 1)\n    return y"
SLEEPS = "import time\ndef f(x: int) -> int:\n    return x\n{}\n"


def archive(folder, body):
    return str(ArchiveMaker(folder).archive(records={"code/__torch__.py": CODE.format(body=body).encode()}))


def ended(done, what):
    assert done.returncode == 1, done.stderr
    assert done.stderr.strip().splitlines()[-1] == (
        f"jitviewer: {what} took more than 2 s and was ended; allow more with --time-limit"
    )


@pytest.mark.parametrize("more", [[], ["--profile"], ["--passes", "inline"], ["--repeat", "100000"]])
def test_a_program_that_loops_is_ended(tmp_path, more):
    done = jitviewer("run", archive(tmp_path, LOOPS), "--input", "float32[2]", "--time-limit", "2", *more)
    ended(done, "the run")


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["run", "{}:f"], "the run"),
        (["graph", "{}:f"], "the command"),
        (["code", "{}"], "the command"),
        (["steps", "{}:f", "--passes", "dce"], "the command"),
        (["tree", "{}:f"], "the command"),
        (["script", "{}", "--list"], "the command"),
    ],
)
@pytest.mark.parametrize("loop", ["while True: pass", "time.sleep(1000)"])
def test_a_file_that_loops_is_ended_in_every_command_that_executes_it(tmp_path, words, what, loop):
    path = tmp_path / "loops.py"
    path.write_text(SLEEPS.format(loop))
    done = jitviewer(*(word.format(path) for word in words), "--time-limit", "2")
    ended(done, what)


def test_who_ends_in_time_is_not_ended(tmp_path):
    done = jitviewer("run", archive(tmp_path, "    return x"), "--input", "float32[2]", "--time-limit", "100")
    assert done.returncode == 0, done.stderr
    assert "output" in done.stdout


@pytest.mark.parametrize("given", ["-1", "nan", "inf", "x", "1e9", ""])
def test_a_limit_is_a_number_of_seconds(given, capsys):
    with pytest.raises(SystemExit) as raised:
        main(["run", "x.pt", "--time-limit", given])
    assert raised.value.code == 2


def test_every_command_that_reads_a_program_has_a_limit(capsys):
    for name in COMMANDS:
        with pytest.raises(SystemExit):
            main([name, "--help"])
        assert ("--time-limit" in capsys.readouterr().out) == (name in CONFINED)
