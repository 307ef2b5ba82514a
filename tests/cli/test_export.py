"""`jitviewer export` writes what the window would show, without a screen and without torch."""

import json
from pathlib import Path

import pygraphviz
import pytest
import torch
from PySide6.QtGui import QImage

from tests.cli.processes import jitviewer


@pytest.mark.parametrize(
    ("kind", "start"),
    [("svg", b"<?xml"), ("png", b"\x89PNG"), ("pdf", b"%PDF"), ("dot", b"digraph"), ("json", b"{")],
)
def test_a_canvas_is_written(samples: Path, tmp_path: Path, kind: str, start: bytes) -> None:
    out = tmp_path / f"out.{kind}"
    done = jitviewer("export", str(samples / "gate.pt"), "--to", kind, str(out))
    assert (done.returncode, done.stderr) == (0, "")
    assert out.read_bytes().startswith(start)


@pytest.mark.parametrize("name", ["gate", "attention", "repeats"])
def test_a_picture_is_painted_up_to_its_rim(samples: Path, tmp_path: Path, name: str) -> None:
    out = tmp_path / "out.png"
    jitviewer("export", str(samples / f"{name}.pt"), str(out))
    image = QImage(str(out))
    width, height = image.width() - 1, image.height() - 1
    corners = [(0, 0), (width, 0), (0, height), (width, height), (width, height // 2), (width // 2, height)]
    assert {image.pixelColor(x, y).name() for x, y in corners} == {image.pixelColor(3, 3).name()}


def test_dot_nests_as_the_canvas_does_and_graphviz_reads_it(samples: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.dot"
    jitviewer("export", str(samples / "resnet_small.pt"), "--to", "dot", str(out), "--open", "all")
    graph = pygraphviz.AGraph(string=out.read_text())
    names = {cluster.name for cluster in graph.subgraphs()}
    assert "cluster_root/layer1" in names
    assert {str(node.attr["label"]).split("\\n")[0] for node in graph.nodes()} >= {
        "_convolution",
        "relu",
        "add",
    }
    assert graph.number_of_edges() > graph.number_of_nodes() / 2


def test_options_choose_what_is_shown(samples: Path, tmp_path: Path) -> None:
    def boxes(*words: str) -> list[dict]:
        out = tmp_path / "out.json"
        done = jitviewer("export", str(samples / "resnet_small.pt"), "--to", "json", str(out), *words)
        assert done.returncode == 0, done.stderr
        return json.loads(out.read_text())["boxes"]

    closed, opened = boxes("--open", "none"), boxes("--open", "all")
    assert len(closed) < len(opened)
    assert not any(box.get("open") for box in closed)
    constants = boxes("--open", "all", "--constants")
    assert sum(box["label"] == "Constant" for box in constants) > 10
    assert boxes("--module", "layer1", "--passes", "dce")[0]["label"].startswith("%")


def test_what_cannot_be_done_is_said_in_a_line(samples: Path, tmp_path: Path) -> None:
    done = jitviewer("export", str(samples / "gate.pt"), "--to", "dot", str(tmp_path / "no" / "where.dot"))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "cannot be written" in done.stderr
    assert jitviewer("export", str(samples / "gate.pt"), "--to", "gif", "x").returncode == 2


class Long(torch.nn.Module):
    """A class of its own: torch shares what is defined for modules of one class in the whole process."""


def test_a_picture_of_a_long_graph_says_that_it_cannot_be_read(tmp_path: Path) -> None:
    body = "".join("    x = torch.relu(x)\n" for _ in range(1500))
    scripted = torch.jit.script(Long())
    scripted.define(f"def forward(self, x):\n{body}    return x\n")
    scripted.save(str(tmp_path / "long.pt"))
    for kind in ("png", "svg"):
        done = jitviewer("export", str(tmp_path / "long.pt"), "--to", kind, str(tmp_path / f"long.{kind}"))
        assert done.returncode == 0
        assert ("too small to read" in done.stderr) == (kind == "png")


def test_the_ending_of_the_file_says_the_format(samples: Path, tmp_path: Path) -> None:
    done = jitviewer("export", str(samples / "gate.pt"), str(tmp_path / "out.SVG"))
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "out.SVG").read_bytes().startswith(b"<?xml")
    done = jitviewer("export", str(samples / "gate.pt"), str(tmp_path / "picture"))
    assert done.returncode == 1
    assert "add --to with one of svg, png, pdf, dot, json" in done.stderr


def test_what_is_drawn_without_a_pass_is_a_failure(tmp_path: Path) -> None:
    text, out = tmp_path / "calls.ir", tmp_path / "out.json"
    text.write_text(
        "graph(%x : Tensor):\n"
        '  %f : Function = prim::Constant[name="f"]()\n'
        "  %y : Tensor = prim::CallFunction(%f, %x)\n"
        "  return (%y)\n"
    )
    done = jitviewer("export", str(text), str(out))
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        (
            "jitviewer: inline cannot rewrite this graph and was left out: "
            "the text only names the function f; its graph is not known"
        )
    ]
    assert json.loads(out.read_text())["boxes"]
    done = jitviewer("graph", str(text), "--inlined")
    assert (done.returncode, done.stdout) == (1, "")
