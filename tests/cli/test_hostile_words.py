"""Words of the command line that are huge, empty, or no such thing: one sentence, soon, and no traceback."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jitviewer.commands.command_line import _parser
from tests.cli.processes import jitviewer

NUMBERS = ("--repeat", "--warmup", "--seed", "--memory", "--time-limit")
HUGE = "9" * 22
WORDS = [
    "", HUGE, "1" * 5_000, "9" * 100_000, "-" + HUGE, "nan", "inf", "1e999", "\u0663", "\u00b2", "0x10",
    " 3 ", "\n", "\x1b[31m", "a" * 100_000, "'", "1_000", "\udcff", "\0",
]  # fmt: skip


def refusal(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What the parser says of these words, which it refuses as wrong usage."""
    with pytest.raises(SystemExit) as ended:
        _parser(words).parse_args(words)
    assert ended.value.code == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert len(said) < 2_000
    return said


@pytest.mark.parametrize("option", NUMBERS)
@pytest.mark.parametrize("word", WORDS)
def test_what_is_no_number_of_use_is_refused(capsys, option, word):
    assert option in refusal(capsys, "run", "x.pt", f"{option}={word}")


@given(word=st.text(max_size=8) | st.integers().map(str) | st.floats().map(str) | st.decimals().map(str))
@example(word="1e-320")
@pytest.mark.parametrize("option", NUMBERS)
def test_a_number_that_is_taken_fits_into_a_message(option, word):
    words = ["run", "x.pt", f"{option}={word}"]
    taken: list[float] = []
    with contextlib.suppress(SystemExit):
        options = _parser(words).parse_args(words)
        taken.append(getattr(options, option.removeprefix("--").replace("-", "_")))
    assert all(-(1 << 63) <= value < 1 << 64 for value in taken)


def test_numbers_within_their_bounds_are_taken():
    words = [
        "run",
        "x.pt",
        "--repeat",
        "+5",
        "--warmup",
        "0",
        "--seed=-9223372036854775808",
        "--memory",
        "1.5g",
    ]
    options = _parser(words).parse_args(words)
    assert (options.repeat, options.warmup, options.seed, options.memory) == (5, 0, -1 << 63, 3 << 29)
    assert _parser(words).parse_args([*words, "--time-limit", "1e3"]).time_limit == 1_000


@pytest.mark.parametrize("word", ["", "\0", "a\0b.pt"])
@pytest.mark.parametrize(
    "words",
    [["tree"], ["diff", "a.pt"], ["run", "a.pt", "--outputs"], ["script", "a.py", "-o"], ["export", "a.pt"]],
)
def test_what_can_be_no_file_is_refused(capsys, words, word):
    assert "give the name of a file" in refusal(capsys, *words, word)


@pytest.mark.parametrize("word", ["", "1e3", HUGE, "cuda:", "cuda:" + HUGE, "a" * 100_000, "cpu\0", "\udcff"])
def test_what_is_no_device_is_refused(capsys, word):
    assert "give cpu, cuda or cuda:N" in refusal(capsys, "run", "x.pt", f"--device={word}")


@pytest.mark.parametrize(
    "size", ["", "300", "x", "300x" + HUGE, "\u0663\u0663\u0663x300", "1" * 5_000 + "x300"]
)
def test_what_is_no_size_of_a_window_is_refused(capsys, size):
    assert "WIDTHxHEIGHT" in refusal(capsys, "screenshot", "x.pt", "x.png", f"--size={size}")


@pytest.mark.parametrize(
    "words", [["tree", "x", "a\nb" * 40_000], ["export", "x", "y", "--to", "a" * 100_000]]
)
def test_a_remark_on_a_long_word_is_short(capsys, words):
    assert "more characters" in refusal(capsys, *words)


@pytest.mark.parametrize(
    "words",
    [
        ["tree", "9" * 100_000], ["tree", "a\nb.pt"], ["graph", "GATE", "--module", "a" * 100_000],
        ["graph", "GATE", "--method", "a\nb"], ["graph", "GATE", "--passes", "a" * 100_000],
        ["run", "GATE", "--input", "1" * 100_000], ["run", "GATE", "--input", "{[]:1}"],
        ["run", "GATE", "--input", "["], ["steps", "GATE", "--passes", "\udcff"], ["diff", "GATE", "\udcff"],
        ["code", "a\nb.py:x"], ["code", "9" * 100_000 + ".py"], ["code", "/.py:x"],
        ["export", "GATE", "a" * 5_000 + ".svg"],
    ],
)  # fmt: skip
def test_what_is_not_there_is_one_short_sentence(samples: Path, words: list[str]):
    done = jitviewer(*(str(samples / "gate.pt") if word == "GATE" else word for word in words))
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("jitviewer: ")
    assert done.stderr.count("\n") == 1
    assert len(done.stderr) < 12_000


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
@pytest.mark.parametrize("words", [["tree"], ["graph", "--json"], ["run", "--input", "float32[1,8]"]])
def test_an_output_that_takes_nothing_is_one_sentence(samples: Path, words: list[str]):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "jitviewer", words[0], str(samples / "gate.pt"), *words[1:]],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "standard output cannot be written" in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="streams are closed by a shell")
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("command", ["tree", "run --input 'float32[1,8]'"])
def test_closed_streams_are_no_fault(samples: Path, command: str, closed: str):
    words = f"{sys.executable} -m jitviewer {command} '{samples / 'gate.pt'}' {closed}"
    done = subprocess.run(["sh", "-c", words], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert bool(done.stdout) == (">&-" not in closed.replace("2>&-", ""))
