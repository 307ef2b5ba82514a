"""Frames survive any way of being cut into pieces, and garbage is refused."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jitviewer.protocol import events, framing, requests
from jitviewer.protocol.framing import FrameDecoder, FrameError, encode, read_messages
from jitviewer.protocol.rows import CanvasView, TextView, TreeRow

MESSAGES = [
    events.DocumentOpened(3, "a.pt", "a.pt", "summary", [TreeRow(1, 0, "module", "x", "", "Net", 12)]),
    events.GraphChanged(3, TextView("graph", "graph", "graph():\n", [[], [1, 2]], {1: "made"})),
    events.CanvasChanged(3, CanvasView(1.0, 2.0, [], []), "n1"),
    events.Notice(0, "error", "a sentence"),
]


@given(st.lists(st.integers(1, 60), min_size=1, max_size=80))
def test_messages_arrive_in_whatever_pieces(sizes: list[int]) -> None:
    data = b"".join(encode(message) for message in MESSAGES)
    decoder = FrameDecoder(events.AnyEvent)
    received = []
    position = 0
    for size in [*sizes, len(data)]:
        received += decoder.feed(data[position : position + size])
        position += size
    assert received == MESSAGES


def test_bytes_that_are_no_utf8_are_escaped() -> None:
    wild = events.DocumentOpened(3, "a.pt", "a\udcff", "s", [TreeRow(1, 0, "module", "\udc80", "", "é", 12)])
    (received,) = FrameDecoder(events.AnyEvent).feed(encode(wild))
    assert received == events.DocumentOpened(
        3, "a.pt", "a\\udcff", "s", [TreeRow(1, 0, "module", "\\udc80", "", "é", 12)]
    )


def test_a_stream_ends_quietly_in_the_middle_of_a_frame() -> None:
    data = encode(MESSAGES[0]) + encode(MESSAGES[3])[:-2]
    assert list(read_messages(io.BytesIO(data), events.AnyEvent)) == [MESSAGES[0]]


@pytest.mark.parametrize("data", [b"\xff\xff\xff\xff", b"\x03\x00\x00\x00abc", b"\x01\x00\x00\x00\xc0"])
def test_garbage_is_refused(data: bytes) -> None:
    with pytest.raises(FrameError):
        list(FrameDecoder(requests.AnyRequest).feed(data))
    with pytest.raises(FrameError):
        list(read_messages(io.BytesIO(data), requests.AnyRequest))


def test_a_message_that_no_receiver_takes_is_refused_by_its_sender(monkeypatch):
    monkeypatch.setattr(framing, "MAX_FRAME", 1000)
    with pytest.raises(framing.FrameTooLargeError, match="more than 1,000 are not shown"):
        framing.encode(events.Notice(1, "info", "w" * 2000))
    assert framing.encode(events.Notice(1, "info", "w" * 900))


def test_a_message_nested_without_end_is_refused() -> None:
    # A field that nobody knows, whose value is read over: lists in lists.
    body = b"\x83\xa4type\xa6Notice\xa8document\x00\xa1x" + b"\x91" * 1_000_000 + b"\xc0"
    frame = len(body).to_bytes(4, "little") + body
    with pytest.raises(FrameError):
        list(read_messages(io.BytesIO(frame), events.AnyEvent))
    decoder = FrameDecoder(events.AnyEvent)
    decoder.put(frame)
    with pytest.raises(FrameError):
        decoder.take()
