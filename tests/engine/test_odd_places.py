"""A place that a session remembers may be of another file or version, or made up."""

import pytest

from jitviewer.protocol import events, requests
from jitviewer.protocol.place import DocumentPlace
from jitviewer.resources import resource

PLACES = [
    DocumentPlace("", "forward", ["no-such-pass", "dce", ""]),
    DocumentPlace("", "no such method", ["inline"]),
    DocumentPlace("no.such.module", "forward", []),
    DocumentPlace("x" * 100_000, "y" * 100_000, ["z" * 100_000]),
    DocumentPlace("", "forward", ["inline"] * 200, 1 << 62),
    DocumentPlace("", "forward", [], -(1 << 62)),
    DocumentPlace(
        "", "forward", ["inline"], 3, True, {f"item{n}": bool(n % 2) for n in range(5000)}, True, True, True
    ),
]


@pytest.mark.parametrize("place", PLACES)
def test_something_is_shown_all_the_same(engine, place):
    path = str(resource("samples", "gate.pt"))
    engine.send(requests.OpenDocument(1, path, place))
    assert engine.until(events.CanvasChanged)
    engine.send(requests.SetPasses(1, ["inline", "dce"]))
    changed = engine.until(events.StepsChanged)[-1]
    assert [report.name for report in changed.reports] == ["inline", "dce"]
