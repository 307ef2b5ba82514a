"""What an engine tells is checked: one that a file has overwritten is replaced, and harms nothing."""

import math
import struct

import msgspec
import pytest
from msgspec.structs import replace

from jitviewer.protocol import events
from jitviewer.protocol.bounds import FACTS
from jitviewer.protocol.framing import FrameDecoder, FrameError, encode
from jitviewer.protocol.rows import CanvasEdge, CanvasItem, CanvasView, Fact, StepRow, TextView, course_of

COURSE = course_of([(0, 0), (1, 1), (2, 2), (3, 3)])
STEP = StepRow(0, "dce", "rule", "why", "dce.py", 1, "because", [1], [2], [3], [4])
VIEW = TextView("graph", "graph", "a\nb\n", [[1], [2]], {})
ITEM = CanvasItem("a", "", "node", "relu", "", 0.0, 0.0, 100.0, 40.0, [1], "io", None, "")


def unchecked(kind, base, **changes):
    """A row as somebody sends it who does not check it: fields in their order, some of them others."""
    fields = {name: getattr(base, name) for name in kind.__struct_fields__}
    return [*{**fields, **changes}.values()]


def frame(tag, **fields):
    """A frame with an event of any content, for document 1."""
    body = msgspec.msgpack.encode({"type": tag, "document": 1, **fields})
    return struct.pack("<I", len(body)) + body


def graph(**changes):
    return frame("GraphChanged", view=unchecked(TextView, VIEW, **changes))


def canvas(item=None, edge=None, **changes):
    edges = [] if edge is None else [["e", "a", "a", edge, "%x", "Tensor", []]]
    items = [unchecked(CanvasItem, ITEM, **(item or {}))]
    view = unchecked(
        CanvasView, CanvasView(500.0, 500.0, [], []), **{"items": items, "edges": edges, **changes}
    )
    return frame("CanvasChanged", view=view, anchor="", parts=0)


def steps(position=0, first=0, count=1):
    row = ["dce", True, first, count, 1, 1, 0.0, ""]
    return frame("StepsChanged", reports=[row], steps=[msgspec.to_builtins(STEP)], position=position)


def double(*values):
    return struct.pack(f"<{len(values)}d", *values)


FACT = ["group", "name", "text", ""]
REFUSED = {
    "steps that there are not": steps(count=10**9),
    "a first step that there is not": steps(first=1),
    "a position below": steps(position=-5),
    "a position above": steps(position=2),
    "a position far above": steps(position=10**12),
    "a node of 64 bits": graph(line_nodes=[[1 << 63]]),
    "a mark far down": graph(marks={1 << 40: "made"}),
    "a number of a line": graph(numbers=[1 << 62]),
    "a scope": graph(scopes=[[-(1 << 40), 3, "name"]]),
    "a line of the source": frame("SourceChanged", view=unchecked(TextView, VIEW), line=10**12),
    "a line of a record": frame("RecordShown", view=unchecked(TextView, VIEW), line=10**15),
    "an item nowhere": canvas(item={"x": math.nan}),
    "an item at no end": canvas(item={"y": math.inf}),
    "an item far away": canvas(item={"x": 1e300}),
    "an item of no width": canvas(item={"width": math.nan}),
    "an item of less than no height": canvas(item={"height": -5.0}),
    "a canvas of no width": canvas(width=math.nan),
    "a canvas of no end": canvas(height=math.inf),
    "a course of odd bytes": canvas(edge=b"123"),
    "a course of nothing": canvas(edge=b""),
    "a course of one point": canvas(edge=double(0, 0)),
    "a course of two points": canvas(edge=double(0, 0, 1, 1)),
    "a course nowhere": canvas(edge=double(0, 0, 1, math.nan, 2, 2, 3, 3)),
    "a course to no end": canvas(edge=double(0, 0, 1, 1, 2, -math.inf, 3, 3)),
    "a course far away": canvas(edge=double(0, 0, 1e300, 1, 2, 2, 3, 3)),
    "a row of the tree": frame("TreeChanged", tree=[[1 << 63, 0, "module", "a", "", "", 0, "", 0]]),
    "less than no bytes": frame("TreeChanged", tree=[[1, 0, "module", "a", "", "", -1, "", 0]]),
    "many facts": frame("Inspected", title="x", node_id=1, facts=[FACT] * (FACTS + 1), tensor=""),
    "long facts": frame(
        "Inspected", title="x", node_id=1, facts=[["", "", "w" * 900, ""]] * FACTS, tensor=""
    ),
    "an inspected node": frame("Inspected", title="x", node_id=1 << 62, facts=[], tensor=""),
    "inputs that are left out": frame(
        "MethodShown", module_path="", method="f", inputs=[], passes=[], more_inputs=-1
    ),
    "a long sentence": frame("Notice", level="error", sentence="w" * 100_000),
    "a level that is none": frame("Notice", level="fatal", sentence=""),
    "no event at all": frame("Nothing"),
    "no frame at all": b"\xff\xff\xff\x7f",
    "bytes that are none": b"\x05\0\0\0abcde",
    "a deep list": struct.pack("<I", 2_000_000) + b"\x91" * 2_000_000,
    "a list of billions": struct.pack("<I", 5) + b"\xdd\x7f\xff\xff\xff",
}


@pytest.mark.parametrize("what", REFUSED)
def test_more_than_there_can_be_is_no_event(what):
    decoder = FrameDecoder(events.AnyEvent)
    with pytest.raises(FrameError) as caught:
        list(decoder.feed(REFUSED[what]))
    assert len(str(caught.value)) < 500


def test_an_engine_that_tells_more_than_there_can_be_is_replaced(opened, transport, qtbot):
    notices = []
    opened._documents.noticed.connect(lambda level, sentence: notices.append((level, sentence)))
    document = opened.current_page().document
    transport.received.emit(REFUSED["steps that there are not"])
    assert [level for level, _ in notices] == ["warning"]
    assert notices[0][1].startswith("The engine stopped (a frame is not a known message: ")
    qtbot.waitUntil(lambda: document.phase == "ready" and not document.is_busy)
    assert document.steps == []


NOWHERE = CanvasEdge("e", "q", "r", COURSE, "", "")
LONG = "w" * 20_000
TAKEN = [
    events.GraphChanged(1, replace(VIEW, line_nodes=[])),
    events.GraphChanged(1, replace(VIEW, line_nodes=[[1]] * 1000, marks={-5: "x", 1 << 30: "made"})),
    events.GraphChanged(1, replace(VIEW, line_nodes=[[-5]], language="none", numbers=[-1, 1 << 30])),
    events.SourceChanged(1, VIEW, (1 << 31) - 1),
    events.SourceChanged(1, VIEW, -(1 << 31)),
    events.RecordShown(1, VIEW, (1 << 31) - 1),
    events.CanvasChanged(1, CanvasView(1e9, 1e9, [replace(ITEM, x=1e9, width=1e9, kind="none")], []), ""),
    events.CanvasChanged(1, CanvasView(1.0, 1.0, [ITEM] * 2, [NOWHERE]), "z"),
    events.CanvasChanged(1, CanvasView(0.0, 0.0, [replace(ITEM, parent="a", is_open=True)], []), ""),
    events.CanvasChanged(1, CanvasView(0.0, 0.0, [], []), "none", 5),
    events.CanvasPart(1, 7, [ITEM], []),
    events.CanvasChanged(1, CanvasView(9.0, 9.0, [ITEM], [
        CanvasEdge("e", "a", "a", course_of([(0, 0), (1e9, 1e9), (-1e9, 1e9), (3, 3)]), "%x", "Tensor"),
    ]), ""),
    events.StepsChanged(1, [], [STEP] * 3, 3),
    events.Inspected(1, LONG, -(1 << 31), [Fact("", "", "w" * 400, "node:9" + "9" * 30)] * FACTS),
    events.PassDiffShown(1, "dce", replace(VIEW, text=""), VIEW, [1 << 30, -1]),
]  # fmt: skip


def test_odd_events_within_the_bounds_are_shown_without_harm(opened, transport, qtbot):
    """An exception in a slot fails the test, as a crash of the window does."""
    document = opened.current_page().document
    for event in TAKEN:
        transport.received.emit(encode(event))
        assert document.phase == "ready"
        opened.grab()
        qtbot.wait(1)
