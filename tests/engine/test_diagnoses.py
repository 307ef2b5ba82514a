"""Why a trace of an object of a Python file differs, asked for by the window, in a process of its own."""

from pathlib import Path

import pytest

from jitcore.source import JitError
from jitviewer.engine.diagnosis_answers import diagnosis_row
from jitviewer.engine.scripts import content_of
from jitviewer.protocol import events, requests
from jitviewer.protocol.script_messages import ScriptableDiagnosed
from jitviewer.protocol.traced_names import traced_name
from jitviewer.protocol.trust import TrustedContent

PROGRAM = """
import os

import torch


def gate(x):
    if x.sum() > 0:
        return x * 2
    return x - 1


def same(x):
    return x + 1


def untyped(x):
    return x * eval("float")(x.max())


def forever(x):
    while True:
        pass


def deadly(x):
    os._exit(3)
"""
ENDS = (events.DiagnosisDone, events.DiagnosisStopped)


@pytest.fixture
def program(tmp_path, engine) -> Path:
    path = tmp_path / "gates.py"
    path.write_text(PROGRAM)
    engine.send(requests.OpenDocument(1, str(path), trusted=content_of(str(path))))
    engine.until(events.DocumentOpened)
    return path


def asked(engine, name: str, inputs: list[str]) -> events.DiagnosisDone | events.DiagnosisStopped:
    engine.send(requests.DiagnoseObject(1, name, "", inputs))
    return engine.until(*ENDS)[-1]


def test_a_trace_that_differs_is_explained_at_its_line(engine, program):
    done = asked(engine, "gate", ["float32[3]"])
    assert isinstance(done, events.DiagnosisDone)
    told = done.diagnosis
    line = PROGRAM.splitlines().index("    if x.sum() > 0:") + 1
    assert told.diverged
    assert [(each.kind, each.file, each.line) for each in told.causes] == [("branch", str(program), line)]
    assert ("program, trace", False) in told.sides
    assert ("program, script", True) in told.sides
    assert told.inputs
    assert [(each.line, each.flipped) for each in told.decisions] == [(line, True)]
    assert told.content == content_of(str(program))
    assert told.remedy is not None
    assert told.remedy.file == str(program)
    assert "@torch.jit.script" in told.remedy.patch
    assert told.report.startswith("<!doctype html>")


def test_script_and_trace_are_run_beside_each_other_on_what_sets_them_apart(engine, program):
    told = asked(engine, "gate", ["float32[3]"]).diagnosis
    both = told.comparison
    assert (both.left_name, both.right_name, both.diverged) == ("script of gate", "trace of gate", True)
    line = PROGRAM.splitlines().index("    if x.sum() > 0:") + 1
    assert (both.cause, both.file, both.line) == ("branch", str(program), line)
    (branch,) = [node for node in both.left_nodes if node.kind == "prim::If"]
    made = {node.node_id: node for node in both.left_nodes}
    # The condition, and what both arms give.
    assert [made[number].kind for number in branch.reads] == ["aten::Bool", "aten::mul", "aten::sub"]
    assert told.sources[0].path == str(program)
    assert told.sources[0].text == PROGRAM
    assert told.decisions[0].inputs == told.inputs


def test_without_a_script_a_trace_of_the_other_inputs_stands_beside(engine, program):
    told = asked(engine, "untyped", ["float32[3]"]).diagnosis
    assert told.script_refusal
    assert told.comparison.left_name == "untyped traced anew, with what sets them apart"
    assert told.comparison.diverged
    look = told.comparison.looks[0]
    assert len(look.elements) == 3
    assert sum(look.look.histogram) == 3
    assert all(each.left != each.right for each in look.elements)


def test_a_trace_that_agrees_is_told_as_such(engine, program):
    told = asked(engine, "same", ["float32[3]"]).diagnosis
    assert (told.diverged, told.causes, told.inputs, told.remedy) == (False, [], [], None)
    assert "agree" in told.explanation


def test_how_many_inputs_were_tried_is_told_meanwhile(engine, program):
    engine.send(requests.DiagnoseObject(1, "gate", "", ["float32[3]"]))
    moved = [each.sentence for each in engine.until(*ENDS) if isinstance(each, events.DiagnosisMoved)]
    assert moved[0].endswith("This may take a minute.")
    assert moved[1].startswith("Running gate, its trace and its script on many inputs")
    counted = [int(each.rsplit(". ", 1)[1].split()[0]) for each in moved[1:]]
    assert counted[0] == 1
    assert counted == sorted(set(counted))


def test_a_trace_is_asked_about_by_the_object_that_it_is_of(engine, program):
    engine.send(requests.TraceObject(1, "gate", "", ["float32[3]"]))
    engine.until(events.CanvasChanged)
    assert asked(engine, traced_name("gate"), ["float32[3]"]).diagnosis.name == "gate"


def test_a_program_that_loops_is_stopped_and_the_file_stays(engine, program):
    engine.send(requests.DiagnoseObject(1, "forever", "", ["float32[3]"]))
    engine.until(events.DiagnosisMoved)
    engine.send(requests.CancelDiagnosis(1))
    assert "stopped" in engine.until(*ENDS)[-1].sentence
    assert isinstance(asked(engine, "same", ["float32[3]"]), events.DiagnosisDone)


def test_a_program_that_dies_takes_nothing_along(engine, program):
    stopped = asked(engine, "deadly", ["float32[3]"])
    assert "deadly ended the process" in stopped.sentence
    engine.send(requests.ShowMethod(1, "", "same"))
    assert any(isinstance(each, events.MethodShown) for each in engine.until(events.CanvasChanged))


def test_what_cannot_be_compared_is_one_sentence(engine, program):
    for name, inputs, said in (
        ("gate", [], "does not take 0 inputs"),
        ("gate", ["float33[3]"], "float33"),
        ("nothing", ["float32[3]"], "nothing"),
    ):
        stopped = asked(engine, name, inputs)
        assert isinstance(stopped, events.DiagnosisStopped)
        assert said in stopped.sentence


def test_a_file_that_changed_since_is_not_run(engine, program):
    program.write_text(PROGRAM + "\nprint('another')\n")
    assert "not what was trusted" in asked(engine, "gate", ["float32[3]"]).sentence


def test_a_document_without_a_program_of_python_has_no_such_comparison(engine):
    engine.send(requests.DiagnoseObject(7, "gate", "", []))
    assert "Python files" in engine.until(*ENDS)[-1].sentence


@pytest.mark.parametrize("answer", ["", "{}", "[1]", '{"name": 3}'])
def test_an_answer_that_is_no_diagnosis_is_refused(answer):
    with pytest.raises(JitError, match="no diagnosis"):
        diagnosis_row("gate", ScriptableDiagnosed(1, answer, []), TrustedContent("", ""))
