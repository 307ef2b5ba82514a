"""Every command does its job on a sample, in a process of its own, without importing torch."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from jitcore.passes.catalogue import pass_names
from jitviewer.commands.command_line import main
from tests.cli.processes import jitviewer


@pytest.mark.parametrize("name", ["gate", "loop", "resnet_small", "lstm", "attention"])
def test_tree_lists_modules_methods_and_records(samples: Path, name: str) -> None:
    done = jitviewer("tree", str(samples / f"{name}.pt"))
    assert done.returncode == 0
    assert "method forward: (" in done.stdout
    assert "record " in done.stdout


def test_tree_as_json_with_digests(samples: Path) -> None:
    done = jitviewer("tree", str(samples / "resnet_small.pt"), "--json", "--verify")
    told = json.loads(done.stdout)
    parameters = [row for row in told["rows"] if row["kind"] == "parameter"]
    assert parameters
    assert all(len(t["sha256"]) == 64 for t in told["tensors"])
    assert len(told["tensors"]) >= len(parameters)


def test_verify_prints_a_digest_for_every_tensor(samples: Path) -> None:
    lines = jitviewer("tree", str(samples / "lstm.pt"), "--verify").stdout.splitlines()
    tensors = [line.split() for line in lines if line.startswith("TENSOR ")]
    assert tensors
    assert all(len(words) == 3 and len(words[2]) == 64 for words in tensors)


def test_code_and_graph_are_torchs(samples: Path) -> None:
    import torch

    module = torch.jit.load(str(samples / "gate.pt"))
    assert jitviewer("code", str(samples / "gate.pt")).stdout == module.code
    assert jitviewer("graph", str(samples / "gate.pt")).stdout == str(module.graph)
    assert jitviewer("graph", str(samples / "gate.pt"), "--inlined").stdout == str(module.inlined_graph)


def test_graph_without_locations_and_as_json(samples: Path) -> None:
    plain = jitviewer("graph", str(samples / "loop.pt"), "--no-locations").stdout
    assert "prim::Loop" in plain
    assert " # " not in plain
    told = json.loads(jitviewer("graph", str(samples / "loop.pt"), "--json").stdout)
    kinds = [node["kind"] for node in told["nodes"]]
    assert "prim::Loop" in kinds
    loop = told["nodes"][kinds.index("prim::Loop")]
    assert loop["blocks"][0]["nodes"]


def test_passes_rewrite_graph_and_code(samples: Path) -> None:
    file = str(samples / "repeats.pt")
    before = jitviewer("graph", file, "--inlined").stdout
    after = jitviewer("graph", file, "--inlined", "--passes", "cse,dce").stdout
    assert 0 < after.count("aten::sqrt") < before.count("aten::sqrt")
    assert jitviewer("code", file, "--passes", "inline,constant-propagation").stdout.startswith("def forward")


def test_the_catalogue_lists_all_passes() -> None:
    told = json.loads(jitviewer("passes", "--json").stdout)
    assert [row["name"] for row in told] == pass_names()
    assert all(row["summary"] and row["description"] for row in told)
    assert [row["name"] for row in told if not row["counterpart"]] == ["move-device"]
    [assuming] = [row for row in told if row["name"] == "remove-inplace-ops"]
    assert "takes for granted that no tensor that is written to is known" in assuming["description"]


def test_every_pass_is_run_by_name(samples: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # What changes modules works on their calls.
    alone = ("inline", "fold-conv-bn", "dedup-module-uses")
    refused = {
        "differentiate": "differentiation of prim::Loop is not supported",
        "propagate-dtype": "propagate-dtype cannot rewrite this graph: Loop/Call not handled now",
    }
    for name in pass_names():
        passes = name if name in alone else f"inline,{name}"
        status = main(["graph", str(samples / "loop.pt"), "--passes", passes])
        told = capsys.readouterr()
        if name in refused:
            assert status == 1
            assert refused[name] in told.err
            continue
        assert status == 0, name
        assert told.out.startswith("graph("), name


def test_forward_and_backward_graphs_are_printed_one_after_the_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import torch

    text = (
        "graph(%x : Tensor, %y : Tensor):\n  %1 : Tensor = aten::mul(%x, %y)\n"
        "  %2 : Tensor = aten::tanh(%1)\n  return (%2)\n"
    )
    file = tmp_path / "given.ir"
    file.write_text(text, encoding="utf-8")
    assert main(["graph", str(file), "--passes", "differentiate"]) == 0
    _, forward, backward = capsys.readouterr().out.rstrip().split("\nwith ")
    gradient = torch._C._jit_differentiate(torch._C.parse_ir(text).copy())
    assert forward == f"prim::DifferentiableGraph_0 = {gradient.f}".rstrip()
    assert backward == f"prim::Reverse_1 = {gradient.df}".rstrip()


def test_steps_tell_rule_and_reason(samples: Path) -> None:
    file = str(samples / "repeats.pt")
    told = json.loads(jitviewer("steps", file, "--passes", "inline,cse,dce", "--json").stdout)
    assert [row["name"] for row in told["passes"]] == ["inline", "cse", "dce"]
    for step in told["steps"]:
        assert step["because"].strip()
        assert step["rule"]
        assert step["line"] > 0
        assert Path(step["file"]).is_file()
    assert {step["pass_name"] for step in told["steps"]} >= {"cse"}


def test_run_prints_values_and_times(samples: Path, tmp_path: Path) -> None:
    import torch

    out, trace = tmp_path / "out.pt", tmp_path / "trace.json"
    file = str(samples / "resnet_small.pt")
    x = torch.randn(1, 3, 32, 32)
    torch.save((x,), tmp_path / "in.pt")
    done = jitviewer(
        "run", file, "--inputs", str(tmp_path / "in.pt"), "--outputs", str(out), "--profile", "--repeat", "3",
        "--trace", str(trace),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "self us" in done.stdout
    with torch.no_grad():
        assert torch.equal(torch.load(out), torch.jit.load(file)(x))
    events = json.loads(trace.read_text())["traceEvents"]
    convolutions = [e for e in events if e["name"] == "aten::_convolution"]
    assert len(convolutions) == len({e["args"]["node"] for e in convolutions}) > 3
    assert all(e["dur"] > 0 for e in convolutions)


def test_run_proposes_inputs_and_says_so(samples: Path) -> None:
    done = jitviewer("run", str(samples / "resnet_small.pt"))
    assert done.returncode == 0, done.stderr
    assert "input " in done.stderr


def test_a_pipe_that_closes_early_is_no_error(samples: Path) -> None:
    command = f"{sys.executable} -m jitviewer graph {samples / 'lstm.pt'} | head -1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False
    )
    assert done.stdout.startswith("graph(")
    assert done.stderr == ""


def test_nothing_up_to_printed_text_imports_torch(samples: Path) -> None:
    program = (
        "import sys; sys.modules['torch'] = None\n"
        "from jitviewer.commands.command_line import main\n"
        "passes = ['graph', f, '--inlined', '--passes', 'cse,dce']\n"
        "steps = ['steps', f, '--passes', 'inline,peephole']\n"
        "for words in (['code', f], ['graph', f], passes):\n"
        "    assert main(words) == 0\n"
        # Messages to a runner would cost texts a tenth of their time and memory.
        "assert 'msgspec' not in sys.modules\n"
        "for words in (['tree', f], steps):\n"
        "    assert main(words) == 0\n"
        "assert 'numpy' not in sys.modules\n"
    )
    program = f"f = {str(samples / 'resnet_small.pt')!r}\n" + program
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
