"""Bad files, bad requests and faults of our own are sentences; the other documents never notice."""

import sys
from pathlib import Path

import pytest

from jitcore.source import JitError
from jitviewer.engine import engine as engine_module
from jitviewer.engine.engine import Engine
from jitviewer.engine.failures import sentence_of
from jitviewer.protocol import events, requests
from tests.cli.bad_files import KINDS, bad_file
from tests.engine.engine_process import EngineProcess

GOOD, BAD = 1, 2


def one_sentence(text: str) -> bool:
    return bool(text.strip()) and "\n" not in text and "Traceback" not in text


def test_a_bad_file_is_one_sentence_and_hurts_no_other(
    shared_engine: EngineProcess, samples: Path, tmp_path: Path
) -> None:
    opened = shared_engine.open(samples / "gate.pt", GOOD)
    for kind in KINDS:
        failed = shared_engine.open(bad_file(kind, samples / "resnet_small.pt", tmp_path), BAD)[
            events.DocumentFailed
        ]
        assert failed.document == BAD
        assert one_sentence(failed.sentence), failed.sentence
        assert kind in failed.sentence
    again = shared_engine.views(requests.SetPasses(GOOD, ["inline"]))
    assert again[events.GraphChanged].view == opened[events.GraphChanged].view


@pytest.mark.parametrize("name", ["", "nothing.pt", "nothing.ir", "folder", "folder.ir"])
def test_what_is_no_file_is_one_sentence(shared_engine: EngineProcess, tmp_path: Path, name: str) -> None:
    for folder in ("folder", "folder.ir"):
        (tmp_path / folder).mkdir()
    failed = shared_engine.open(tmp_path / name, BAD)[events.DocumentFailed]
    assert one_sentence(failed.sentence), failed.sentence


def test_text_that_is_no_graph_is_one_error_with_its_place(
    shared_engine: EngineProcess, tmp_path: Path
) -> None:
    file = tmp_path / "bad.ir"
    file.write_text("graph(%x : Tensor):\n  %y : Tensor = aten::neg(%z)\n  return (%y)\n")
    failed = shared_engine.open(file, BAD)[events.DocumentFailed]
    assert "%z" in failed.sentence
    assert "bad.ir" in failed.sentence
    file.write_bytes(b"\xff\xfe\x00graph")
    failed = shared_engine.open(file, BAD)[events.DocumentFailed]
    assert one_sentence(failed.sentence)


@pytest.mark.parametrize(
    "request_of",
    [
        lambda n: requests.InspectNode(n, 10**6),
        lambda n: requests.InspectTreeRow(n, 10**6),
        lambda n: requests.InspectTreeRow(n, 0),
        lambda n: requests.ShowRecord(n, "no/such/record"),
        lambda n: requests.SetPasses(n, ["no-such-pass"]),
        lambda n: requests.ShowMethod(n, "no.such.module", "forward"),
        lambda n: requests.ShowMethod(n, "", "no_such_method"),
    ],
)
def test_what_is_not_there_is_one_sentence(shared_engine: EngineProcess, samples: Path, request_of) -> None:
    shared_engine.open(samples / "gate.pt", GOOD)
    shared_engine.send(request_of(GOOD))
    told = shared_engine.until(events.Notice, events.MethodFailed, events.CanvasChanged)[-1]
    assert isinstance(told, events.Notice | events.MethodFailed)
    assert one_sentence(told.sentence)
    assert shared_engine.views(requests.SetPasses(GOOD, []))[events.GraphChanged].view.text


def test_requests_that_come_too_late_change_nothing(shared_engine: EngineProcess, samples: Path) -> None:
    shared_engine.open(samples / "gate.pt", GOOD)
    shared_engine.send(requests.ToggleItem(GOOD, "no such item", True))
    shared_engine.until(events.CanvasChanged)
    shared_engine.send(requests.GoToStep(GOOD, 10**9))
    assert shared_engine.until(events.CanvasChanged, events.Notice)[-1].document == GOOD
    shared_engine.send(requests.CloseDocument(GOOD))
    for request in (
        requests.SetPasses(GOOD, []),
        requests.Run(GOOD, [], "cpu", 1, 0, 0),
        requests.CancelRun(GOOD),
        requests.CloseDocument(GOOD),
    ):
        shared_engine.send(request)
    assert shared_engine.open(samples / "loop.pt", GOOD)[events.DocumentOpened].title == "loop.pt"


def test_two_documents_keep_their_own_state(shared_engine: EngineProcess, samples: Path) -> None:
    shared_engine.open(samples / "gate.pt", GOOD)
    shared_engine.open(samples / "repeats.pt", BAD)
    rewritten = shared_engine.views(requests.SetPasses(BAD, ["inline", "cse"]))[events.GraphChanged].view
    closed = shared_engine.ask(requests.SetAllItems(GOOD, False), events.CanvasChanged)
    assert closed.document == GOOD
    again = shared_engine.views(requests.GoToStep(BAD, 10**9))
    assert again[events.GraphChanged].view.text == rewritten.text
    assert any(item.is_open for item in again[events.CanvasChanged].view.items) or not any(
        item.is_open is False for item in again[events.CanvasChanged].view.items
    )
    shared_engine.send(requests.CloseDocument(BAD))
    assert (
        "prim::If" in shared_engine.views(requests.SetPasses(GOOD, ["inline"]))[events.GraphChanged].view.text
    )


def test_the_newest_of_many_positions_is_shown(shared_engine: EngineProcess, samples: Path) -> None:
    shared_engine.open(samples / "resnet_small.pt", GOOD)
    count = len(shared_engine.views(requests.SetPasses(GOOD, ["inline", "cse"]))[events.StepsChanged].steps)
    assert count > 10
    for position in range(count, -1, -1):
        shared_engine.send(requests.GoToStep(GOOD, position))
    positions = []
    while not positions or positions[-1] != 0:
        positions.append(shared_engine.until(events.StepsChanged)[-1].position)
    shared_engine.until(events.CanvasChanged)
    assert positions == sorted(positions, reverse=True)


class Bench:
    """An engine in this process, with the events that it sent."""

    def __init__(self) -> None:
        self.events: list[events.Event] = []
        self.engine = Engine(self.events.append)

    def serve(self, *given: requests.Request) -> None:
        for request in given:
            self.engine.post(request)
        self.engine.end()
        self.engine.run()

    def of(self, kind: type[events.Event]) -> list[events.Event]:
        return [event for event in self.events if isinstance(event, kind)]


@pytest.mark.parametrize(
    "fault", [TypeError("what a slip"), KeyError("name"), RecursionError(), MemoryError()]
)
def test_a_fault_of_our_own_is_said_and_the_next_request_answered(
    samples: Path, monkeypatch, capfd, fault: Exception
) -> None:
    real = engine_module.answer

    def faulty(document, request):
        if isinstance(request, requests.InspectNode):
            raise fault
        return real(document, request)

    monkeypatch.setattr(engine_module, "answer", faulty)
    bench = Bench()
    file = str(samples / "gate.pt")
    bench.serve(
        requests.OpenDocument(GOOD, file), requests.InspectNode(GOOD, 1), requests.SetPasses(GOOD, ["dce"])
    )
    (notice,) = bench.of(events.Notice)
    assert notice.level == "error"
    assert one_sentence(notice.sentence)
    assert len(bench.of(events.GraphChanged)) == 2
    is_ours = not isinstance(fault, RecursionError | MemoryError)
    assert ("internal error" in notice.sentence) == is_ours
    assert ("Traceback" in capfd.readouterr().err) == is_ours


def test_a_fault_while_a_file_is_opened_fails_the_document_or_the_method(
    samples: Path, monkeypatch, capfd
) -> None:
    from jitviewer.engine import shown_document as module

    def faulty(*_):
        raise TypeError("what a slip")

    file = str(samples / "gate.pt")
    with monkeypatch.context() as patched:
        patched.setattr(module, "graph_view", faulty)
        bench = Bench()
        bench.serve(requests.OpenDocument(GOOD, file))
    assert bench.of(events.DocumentOpened)
    (failed,) = bench.of(events.MethodFailed)
    assert "what a slip" in failed.sentence
    with monkeypatch.context() as patched:
        patched.setattr(module, "tree_rows", faulty)
        bench = Bench()
        bench.serve(requests.OpenDocument(GOOD, file))
    (failed,) = bench.of(events.DocumentFailed)
    assert "what a slip" in failed.sentence
    assert capfd.readouterr().err.count("Traceback") == 2


def test_a_window_that_is_gone_ends_the_engine(samples: Path) -> None:
    def gone(event: events.Event) -> None:
        if not isinstance(event, events.EngineReady):
            raise BrokenPipeError

    engine = Engine(gone)
    engine.post(requests.OpenDocument(GOOD, str(samples / "gate.pt")))
    with pytest.raises(BrokenPipeError):
        engine.run()


def test_sentences_name_the_subject(capsys) -> None:
    assert sentence_of(JitError("as it is"), "a.pt") == "as it is"
    assert sentence_of(RecursionError("x"), "a.pt").startswith("a.pt ")
    assert sentence_of(ValueError("why"), "a.pt").count("a.pt") == 1
    assert "ValueError: why" in capsys.readouterr().err
    assert sys.exc_info() == (None, None, None)


def test_garbage_on_standard_input_ends_the_engine_with_a_sentence() -> None:
    engine = EngineProcess()
    engine.process.stdin.write(b"\xff" * 64)
    engine.process.stdin.flush()
    assert engine.process.wait(timeout=30) == 1
    engine.end()
    assert "longer than" in engine.errors()
    assert "Traceback" not in engine.errors()
