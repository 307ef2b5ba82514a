"""Every pass has a tiny example that it changes, and a page that shows what it did."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from jitcore.exec import evaluator
from jitcore.passes.catalogue import family_of, pass_names
from jitcore.source import JitError
from jitviewer.commands.command_line import main
from jitviewer.engine import engine as engine_module
from jitviewer.engine.pass_examples import WITHOUT_EXAMPLE, example_path, example_row
from jitviewer.protocol import events, requests
from jitviewer.protocol.pass_page import without_gaps
from tests.engine.engine_process import EngineProcess

EXAMPLES = Path(__file__).parents[2] / "resources" / "pass_examples"
FAMILIES = {
    "Cleaning", "Mutation", "Control flow", "Algebra", "Shapes and types", "Gradients", "Quantization",
    "Freezing",
}  # fmt: skip


@pytest.mark.parametrize("name", [name for name in pass_names() if name not in WITHOUT_EXAMPLE])
def test_the_pass_changes_its_example_and_says_why(name: str) -> None:
    row = example_row(name, evaluator())
    assert row.passes[-1].partition("{")[0] == name
    assert row.before.text != row.after.text
    assert row.groups
    assert row.reasons
    assert all(row.reasons)


def test_examples_are_tiny_and_belong_to_a_pass() -> None:
    named = {Path(example_path(name)).name for name in pass_names() if name not in WITHOUT_EXAMPLE}
    there = {path.name for path in EXAMPLES.iterdir() if path.suffix in (".ir", ".pt")}
    assert named == there
    for path in EXAMPLES.glob("*.ir"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 25, path.name


def test_passes_stand_in_families() -> None:
    assert {family_of(name) for name in pass_names()} >= FAMILIES
    assert family_of("fold-frozen-conv-bn") == "Freezing"
    assert family_of("autocast") == "Algebra"
    assert family_of("dce") == family_of("peephole") == "Cleaning"


def test_where_there_is_no_example_it_is_said_why() -> None:
    with pytest.raises(JitError, match="graphics card"):
        example_row("concat-frozen-linear", None)
    with pytest.raises(JitError, match="no pass called"):
        example_row("../samples/gate", None)


def test_a_page_of_the_command_line_is_what_the_pass_does(capsys: pytest.CaptureFixture[str]) -> None:
    row = example_row("fold-frozen-conv-bn", evaluator())
    assert main(["passes", "fold-frozen-conv-bn"]) == 0
    page = capsys.readouterr().out
    assert without_gaps(row.before.text) in page
    assert without_gaps(row.after.text) in page
    assert "In libtorch: _jit_pass_fold_frozen_conv_bn" in page
    assert "Family: Freezing" in page
    assert all(f"- {reason}\n" in page for reason in row.reasons)
    assert main(["passes", "fold-frozen-conv-bn", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["example"]["after"] == without_gaps(row.after.text)
    assert told["family"] == "Freezing"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("concat-frozen-linear", "graphics card"),
        ("remove-inplace-ops", "When it is legal: where no tensor that is written to is known under"),
        ("canonicalize", "Options: keep_unique_names=true: "),
    ],
)
def test_pages_say_what_has_to_hold(name: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["passes", name]) == 0
    assert said in re.sub(r"\s+", " ", capsys.readouterr().out)


def test_a_pass_that_is_none_has_no_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["passes", "nothing"]) == 1
    assert "there is no pass called 'nothing'" in capsys.readouterr().err


def test_the_engine_runs_examples_as_the_window_asks(shared_engine: EngineProcess) -> None:
    for name in ("dce", "fold-frozen-conv-bn"):
        path = example_path(name)
        given = shared_engine.ask(requests.AskPassExample(0, name, path), events.PassExampleGiven)
        assert isinstance(given, events.PassExampleGiven)
        assert given.why_not == ""
        assert given.example == example_row(name, evaluator())
    missing = shared_engine.ask(
        requests.AskPassExample(0, "concat-frozen-linear", ""), events.PassExampleGiven
    )
    assert isinstance(missing, events.PassExampleGiven)
    assert missing.example is None
    assert "graphics card" in missing.why_not


def test_a_pass_that_fails_on_its_example_ends_the_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[events.Event] = []

    def fail(name: str, evaluate: object) -> None:
        raise ValueError(f"{name} went wrong")

    monkeypatch.setattr(engine_module, "example_row", fail)
    made = engine_module.Engine(told.append)
    made._handle(requests.AskPassExample(0, "dce", ""))
    (given,) = [event for event in told if isinstance(event, events.PassExampleGiven)]
    assert (given.name, given.example) == ("dce", None)
    assert "internal error" in given.why_not
    assert "dce went wrong" in given.why_not


def test_a_page_is_asked_for_without_options(capsys: pytest.CaptureFixture[str]):
    assert main(["passes", "fuse-tensorexprs{min_group_size=5}"]) == 1
    assert "write passes fuse-tensorexprs" in capsys.readouterr().err
