"""Text of a hostile file on the terminal and in files that the command line writes."""

import json
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from jitviewer.plain_text import plain_line, plain_lines
from tests.cli.hostile_names import HIDDEN, write_hostile_names
from tests.cli.processes import jitviewer

INPUTS = ("--input", "float32[2]")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> Path:
    """The archive, in a folder and under a name of the same kind."""
    folder = tmp_path_factory.mktemp("hostile") / "<img src='planted.png'>"
    folder.mkdir()
    return write_hostile_names(folder / "a&b\x1b[31m\u202e.pt", "planted.png")


@pytest.mark.parametrize(
    ("command", "words", "status"),
    [
        ("tree", (), 0), ("tree", ("--verify",), 0), ("tree", ("--json",), 0), ("code", (), 0),
        ("code", ("--passes", "inline"), 0), ("graph", (), 0), ("graph", ("--inlined", "--json"), 0),
        ("steps", ("--passes", "inline,dce"), 0), ("steps", ("--passes", "inline", "--json"), 0),
        ("run", ("--method", "run", "--profile", *INPUTS), 0), ("run", ("--method", "fail", *INPUTS), 1),
        ("run", ("--input", "float32[2]", "--input", "2"), 1), ("graph", ("--method", "\x1b[31m"), 1),
    ],
)  # fmt: skip
def test_no_command_lets_a_file_command_the_terminal(hostile, command, words, status):
    done = jitviewer(command, str(hostile), *words)
    assert done.returncode == status, done.stderr
    said = done.stdout + done.stderr
    assert said == plain_lines(said)
    if "--json" in words:
        json.loads(done.stdout)


def test_a_row_of_the_tree_is_a_line(hostile):
    lines = jitviewer("tree", str(hostile)).stdout.splitlines()
    assert lines[0] == plain_line(hostile.name)
    kinds = r"  +(module|method|attribute|group|extra|class|record) "
    assert all(re.match(kinds, line) for line in lines[1:])
    assert any(plain_line(HIDDEN) in line for line in lines)


def test_a_difference_of_hostile_archives_is_plain(hostile, samples):
    for words in ((), ("--json",)):
        done = jitviewer("diff", str(hostile), str(samples / "gate.pt"), *words)
        assert done.returncode == 0
        assert done.stdout == plain_lines(done.stdout)


def test_what_argparse_and_tracebacks_say_is_plain(hostile):
    for words in (["graph", f"--{HIDDEN}"], ["tree", "--debug", str(hostile) + HIDDEN]):
        done = jitviewer(*words)
        assert done.returncode != 0
        assert HIDDEN[:4] not in done.stderr
        assert done.stderr == plain_lines(done.stderr)
        assert "Traceback" in done.stderr or words[0] == "graph"


def test_a_path_that_is_no_text_is_named(tmp_path):
    missing = bytes(tmp_path) + b"/\xff\x9b.pt"
    done = subprocess.run(
        [sys.executable, "-m", "jitviewer", "tree", missing], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert r"\udcff\udc9b.pt" in done.stderr


@pytest.mark.parametrize("kind", ["svg", "dot", "json", "pdf", "png"])
def test_exports_hold_names_as_text(hostile, tmp_path, kind):
    out = tmp_path / f"out.{kind}"
    done = jitviewer("export", str(hostile), str(out), "--open", "all")
    assert done.returncode == 0, done.stderr
    if kind == "svg":
        tree = ElementTree.fromstring(out.read_text())
        words = "".join(tree.itertext())
        assert words == plain_lines(words)
        assert "<img src=" in words
        assert all(element.tag.rpartition("}")[2] not in ("image", "img", "b") for element in tree.iter())
    elif kind in ("dot", "json"):
        text = out.read_text()
        assert text == plain_lines(text)
        assert json.loads(text) if kind == "json" else '="<img src=' not in text


def test_graphviz_shows_the_words_of_a_box_as_they_are(hostile, tmp_path):
    import pygraphviz

    out = tmp_path / "out.dot"
    assert jitviewer("export", str(hostile), str(out), "--open", "all").returncode == 0
    graph = pygraphviz.AGraph(string=out.read_text())
    drawn = graph.draw(format="svg", prog="dot").decode()
    words = "".join(ElementTree.fromstring(drawn).itertext())
    assert "&lt;a&b=1" in words
    assert r"\x1b]0;title" in words
    assert "<image" not in drawn
