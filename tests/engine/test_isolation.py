"""The engine needs neither torch nor Qt, and reads no weights: seen from outside of the process."""

import time
from pathlib import Path

import pytest

from jitviewer.protocol import events, requests
from tests.engine.engine_process import EngineProcess

MAKES_TENSORS = "erase-number-types"
"""The pass that makes tensors of numbers, which takes a process that has torch."""

FOREIGN = ("libtorch", "libc10", "PySide6", "libQt", "shiboken")


def test_nothing_of_torch_or_qt_is_loaded_whatever_is_looked_at(engine: EngineProcess, samples: Path) -> None:
    for number, file in enumerate(sorted(samples.glob("*.pt")), 1):
        views = engine.open(file, number)
        assert events.CanvasChanged in views
        for name in [row.name for row in engine.ready.passes if row.name != MAKES_TENSORS]:
            engine.views(requests.SetPasses(number, ["inline", name]))
        engine.ask(requests.SetAllItems(number, True), events.CanvasChanged)
        for row in views[events.DocumentOpened].tree:
            engine.ask(requests.InspectTreeRow(number, row.id), events.Inspected)
    maps = engine.maps()
    assert "pygraphviz" in maps, "the canvas was not laid out at all"
    assert [name for name in FOREIGN if name in maps] == []
    # Folding a tensor would have started a process that does have torch.
    assert engine.children() == []


def test_weights_are_mapped_and_not_read(engine: EngineProcess, tmp_path: Path) -> None:
    import torch

    megabytes = 192
    features = 4096
    layers = [torch.nn.Linear(features, features) for _ in range(megabytes * 2**20 // (4 * features**2))]
    file = tmp_path / "large.pt"
    torch.jit.script(torch.nn.Sequential(*layers)).save(str(file))
    assert file.stat().st_size > megabytes * 2**20
    before = engine.resident_megabytes()
    views = engine.open(file)
    for row in views[events.DocumentOpened].tree:
        engine.ask(requests.InspectTreeRow(1, row.id), events.Inspected)
    engine.views(requests.SetPasses(1, ["inline", "cse", "dce"]))
    assert events.CanvasChanged in views
    assert engine.resident_megabytes() - before < megabytes / 6
    assert engine.anonymous_megabytes() < megabytes / 2


def test_closing_a_document_gives_its_memory_back(engine: EngineProcess, samples: Path) -> None:
    def open_and_close(times: int) -> None:
        for _ in range(times):
            engine.open(samples / "lstm.pt")
            engine.send(requests.CloseDocument(1))
        engine.open(samples / "gate.pt", 2)

    def falls_below(limit: float) -> bool:
        # It is given back when the engine has nothing else to do, which on a busy machine takes a while.
        end = time.monotonic() + 20
        while engine.anonymous_megabytes() >= limit and time.monotonic() < end:
            time.sleep(0.1)
        return engine.anonymous_megabytes() < limit

    open_and_close(10)
    first = engine.anonymous_megabytes()
    open_and_close(40)
    assert falls_below(first + 12)


@pytest.mark.models
@pytest.mark.parametrize(
    "name",
    ["densenet121_script", "fasterrcnn_mnv3_script", "bert_tiny_trace", "syn_local_20000", "syn_mod_5000"],
)
def test_large_models_of_others_are_shown_without_reading_them(
    engine: EngineProcess, models: Path, name: str
) -> None:
    file = models / f"{name}.pt"
    if not file.exists():
        pytest.skip(f"there is no {name}")
    drawn = engine.open(file)[events.CanvasChanged]
    assert drawn.parts or drawn.view.items
    opened = engine.ask(requests.SetAllItems(1, True), events.CanvasChanged)
    # What is large comes in parts.
    assert opened.parts or len(opened.view.items) > 300
    assert not any(name in engine.maps() for name in FOREIGN)
    assert engine.resident_megabytes() < 260
