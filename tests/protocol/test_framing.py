"""Frames survive any way of being cut into pieces, and garbage is refused."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jitviewer.protocol import events, framing, requests
from jitviewer.protocol.framing import FrameDecoder, FrameError, encode, encode_shown, read_messages
from jitviewer.protocol.place import DocumentPlace
from jitviewer.protocol.rows import CanvasView, TextView, TreeRow
from jitviewer.protocol.runner_messages import EvaluateRequest
from jitviewer.protocol.trust import TrustedContent

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


def test_bytes_that_are_no_utf8_are_spelled_out_where_they_are_shown() -> None:
    wild = events.DocumentOpened(3, "a.pt", "a\udcff", "s", [TreeRow(1, 0, "module", "\udc80", "", "é", 12)])
    (received,) = FrameDecoder(events.AnyEvent).feed(encode_shown(wild))
    assert received == events.DocumentOpened(
        3, "a.pt", "a\\udcff", "s", [TreeRow(1, 0, "module", "\\udc80", "", "é", 12)]
    )


@given(st.text(st.characters(codec=None) | st.sampled_from("\\u\udc80\udcff\ud800dcf"), max_size=12))
def test_any_text_that_python_has_arrives_as_it_is(text: str) -> None:
    place = DocumentPlace(text, "f", [text], items={text: True}, arguments={"a": text})
    sent = [
        requests.OpenDocument(7, text, place, TrustedContent(text, "0" * 64)),
        requests.Run(7, [text, "\udcff"], "cpu", 1, 0, 0),
        requests.CloseDocument(7),
    ]
    data = b"".join(encode(message) for message in sent)
    assert list(FrameDecoder(requests.AnyRequest).feed(data)) == sent
    assert list(read_messages(io.BytesIO(data), requests.AnyRequest)) == sent


def test_bytes_beside_such_a_text_arrive_too() -> None:
    sent = EvaluateRequest(1, "aten::\udcff", b"\xff\\udcff\x00", 12)
    assert list(read_messages(io.BytesIO(encode(sent)), EvaluateRequest)) == [sent]


@pytest.mark.parametrize("body", [b"abc", b"\xc0", b"\x91" * 100_000 + b"\xc0", b"\x82\xa4type\x01\xc0\xc0"])
def test_garbage_with_the_mark_of_such_texts_is_refused(body: bytes) -> None:
    frame = (len(body) | 1 << 31).to_bytes(4, "little") + body
    with pytest.raises(FrameError):
        list(read_messages(io.BytesIO(frame), requests.AnyRequest))
    with pytest.raises(FrameError):
        list(FrameDecoder(requests.AnyRequest).feed(frame))


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


@pytest.mark.parametrize("number", [1 << 64, -(1 << 63) - 1, 10**30])
@pytest.mark.parametrize("text", ["a", "a\udcff"])
def test_a_number_of_more_than_64_bits_is_refused_by_its_sender(number: int, text: str) -> None:
    for send in (encode, encode_shown):
        with pytest.raises(
            framing.UnsentMessageError, match=r"^A number of more than 64 bits is not sent\.$"
        ):
            send(requests.LookAtValue(1, text, number))


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
