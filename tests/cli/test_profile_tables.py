"""What `run --profile` prints: the table, CSV, JSON."""

import csv
import json

import pytest
import torch

from tests.cli.processes import jitviewer


class Speaking(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        print("hello")
        return torch.relu(x @ x)


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    path = tmp_path_factory.mktemp("tables") / "speaking.pt"
    torch.jit.save(torch.jit.script(Speaking()), str(path))
    return str(path)


def run(program, *words):
    done = jitviewer("run", program, "--input", "float32[20,20]", *words)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_table_tells_operations_bytes_memory_and_the_machine(program):
    text = run(program, "--profile", "--repeat", "2")
    (product,) = [
        line for line in text.splitlines() if "aten::matmul Float(20, 20)" in line and "calls" not in line
    ]
    assert " 16 k " in product
    assert " 3.2 k " in product
    (pointwise,) = [line for line in text.splitlines() if "aten::relu Float(20, 20)" in line]
    assert pointwise.split()[5] == "-"
    for words in (
        "nodes together",
        "16 k FLOP",
        "measured peak",
        "memory peak 4.8 kB",
        "an input  Float(20, 20)",
    ):
        assert words in text


def test_json_tells_all_of_a_run_and_nothing_else(program):
    told = json.loads(run(program, "--profile", "--json"))
    assert told["printed"] == "hello\n"
    nodes = {node["kind"]: node for node in told["nodes"]}
    assert nodes["aten::matmul"]["flops"] == 2 * 20**3
    assert nodes["aten::relu"]["flops"] is None
    assert nodes["aten::relu"]["moved"] == 2 * 1600
    assert nodes["aten::matmul"]["share_of_compute_peak"] > 0
    assert told["memory"]["peak"] == 4800
    assert len(told["memory"]["alive"]) == 3
    assert told["machine"]["flops_per_s"] > 0
    assert json.loads(run(program, "--json"))["nodes"] == []


def test_csv_is_a_line_for_each_node(program):
    rows = list(csv.DictReader(run(program, "--profile", "--csv").splitlines()))
    by_kind = {row["operator"]: row for row in rows}
    assert by_kind["aten::matmul"]["flops"] == "16000"
    assert by_kind["aten::relu"]["flops"] == ""
    assert by_kind["aten::relu"]["bytes"] == "3200"
    assert by_kind["aten::relu"]["types"] == "Float(20, 20)"


def test_csv_without_a_profile_and_both_forms_at_once_are_refused(program):
    done = jitviewer("run", program, "--csv")
    assert done.returncode != 0
    assert "without --profile" in done.stderr
    assert jitviewer("run", program, "--profile", "--csv", "--json").returncode != 0


def test_what_a_program_printed_before_it_failed_is_told(tmp_path):
    class Failing(torch.nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            print("before")
            return x @ x[:1]

    path = tmp_path / "failing.pt"
    torch.jit.save(torch.jit.script(Failing()), str(path))
    done = jitviewer("run", str(path), "--input", "float32[3,3]", "--json")
    assert done.returncode != 0
    assert done.stdout == ""
    assert "before" in done.stderr
