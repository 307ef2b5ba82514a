"""A runner whose memory a program has overwritten may send anything: it is taken for no message."""

import os
import queue
import sys

import msgspec
import pytest

from jitcore.archive import LazyTensor
from jitcore.ops import find_overload
from jitcore.passes import EvaluationError
from jitcore.printing import parse_graph
from jitviewer.confinement import Role
from jitviewer.engine.constant_kinds import may_be
from jitviewer.engine.evaluation import RemoteEvaluator
from jitviewer.engine.runner_link import RunnerDied, RunnerLink
from jitviewer.launching.processes import OwnProcess
from jitviewer.protocol.run_rows import ValueLook
from jitviewer.protocol.runner_messages import RunRequest, ValueSeen

SENDER = """
import math, msgspec, struct, sys
from jitviewer.protocol.framing import read_messages
from jitviewer.protocol import runner_messages as m

def frame(message):
    body = message if isinstance(message, bytes) else msgspec.msgpack.encode(message)
    sys.stdout.buffer.write(struct.pack("<I", len(body)) + body)
    sys.stdout.buffer.flush()

def result(number, **changes):
    whole = dict(type="RunResult", id=number, outputs=[], times=[], wall_us=[1.0], device="cpu", notes=[],
                 inputs=[])
    return whole | changes

def time(us=1.0, number=1):
    return [number, "aten::add", us, 1.0, 1.0, 0.0, 1, ["Float(2)"]]

def seen(number, **changes):
    look = ["Float(1, 1)", [], [], 0.0, 0.0, [1, 1], 1, 0, 1, 1, 0, 0, [["1"]], b"x", 1, 1]
    for place, value in changes.items():
        look[int(place[1:])] = value
    return dict(type="ValueSeen", id=number, look=look, why_not="")

def flood(number):
    while True:
        frame(dict(type="RunPrinted", id=number, text="a" * 1_000_000))

def report(number):
    while True:
        frame(dict(type="RunProgress", id=number, stage="running", done=0, total=1, elapsed_s=0.0))

for request in read_messages(sys.stdin.buffer, m.AnyRunnerRequest):
    number, case = request.id, request.method
    {body}
"""
CASES = {
    "a long sentence": "dict(type='RunFailed', id=number, sentence='x' * 30_000, traceback='', node_id=1)",
    "a large id": "dict(type='RunFailed', id=number, sentence='', traceback='', node_id=1 << 40)",
    "many notes": "result(number, notes=['x'] * 2_000)",
    "many times": "result(number, times=[time()] * 200_001)",
    "a time that is none": "result(number, times=[time(math.nan)])",
    "endless time": "result(number, wall_us=[math.inf])",
    "an answer of another kind": "dict(type='ScriptOpened', id=number)",
    "a picture without bytes": "seen(number, _14=100, _15=100)",
    "a picture with another size": "seen(number, _14=-1, _15=-1)",
    "many cells": "seen(number, _12=[['x']] * 2_000)",
    "a deep span": "result(number, spans=[[1, 'aten::add', 0.0, 1.0, 1_000, '']])",
    "a span outside of all": "result(number, spans=[[1, 'aten::add', 0.0, 1.0, -1, '']])",
    "progress without end": (
        "dict(type='RunProgress', id=number, stage='', done=0, total=1 << 62, elapsed_s=0.0)"
    ),
    "progress below nothing": "dict(type='RunProgress', id=1, stage='', done=-1, total=1, elapsed_s=0.0)",
    "more times than repeats": "result(number, wall_us=[1.0] * 1_000_001)",
    "a large count": "result(number, kept=[-1])",
    "much in many values": "result(number, outputs=[['x', 'y', 'z' * 15_000]] * 150)",
    "much in many notes": "result(number, notes=['x' * 20_000] * 150)",
    "much in many types": "result(number, input_types=['x' * 1_000] * 20_000)",
    "much in many spans": "result(number, spans=[[1, 'x' * 1_000, 0.0, 1.0, 0, '']] * 20_000)",
    "much in many times": "result(number, times=[[*time()[:-1], ['x' * 1_000]]] * 20_000)",
    "much in one look": "seen(number, _12=[['x' * 20_000] * 16] * 16)",
    "half a character": r"b'\x83\xa4type\xaaRunPrinted\xa2id\x01\xa4text\xa3\xed\xa0\x80'",
}


def died(body: str) -> str:
    """How the process ended that does this with a request."""
    news: queue.SimpleQueue = queue.SimpleQueue()
    command = [sys.executable, "-c", SENDER.replace("{body}", body)]
    link = RunnerLink(
        news.put, start=lambda _role, _libraries: OwnProcess(command, dict(os.environ), takes_files=False)
    )
    try:
        link.send(RunRequest(1, "x.pt", "", "forward", [], []))
        while not isinstance(found := news.get(timeout=60), RunnerDied):
            pass
        return found.sentence
    finally:
        link.kill()


@pytest.mark.parametrize("reply", CASES.values(), ids=CASES)
def test_what_no_runner_says_is_no_message(reply: str) -> None:
    assert died(f"frame({reply})").startswith("The runner sent something that is no message: ")


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("flood(number)", "printed characters"),
        ("report(number)", "reports of progress"),
        ("frame(result(number)); frame(result(number))", "no question"),
        ("frame(result(number + 7))", "no question"),
        ("frame(dict(type='RunPrinted', id=number + 1, text='x'))", "no question"),
        ("frame(seen(number))", "another question"),
        ("frame(dict(type='Pong', id=number, torch_version='', python_version=''))", "another question"),
        ("sys.stdout.buffer.write(struct.pack('<I', 81 << 20)); sys.stdout.buffer.flush()", "longer than"),
    ],
)
def test_more_than_a_runner_says_ends_it(body: str, word: str) -> None:
    assert word in died(body)


def test_an_honest_picture_passes() -> None:
    look = ValueLook("Float(1, 2)", [], [], 0.0, 1.0, [1, 2], 1, 0, 1, 2, 0, 0, [["0", "1"]], b"\0\xff", 2, 1)
    whole = ValueSeen(1, look, "")
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(whole), type=ValueSeen) == whole


GRAPH = "graph():\n  %x : int = prim::Constant[value=2]()\n  %y : {type} = aten::{call}\n  return (%y)\n"
EVALUATOR = """
import msgspec, struct, sys
from jitviewer.protocol.framing import encode, read_messages
from jitviewer.protocol import runner_messages as m

pack, Ext = msgspec.msgpack.encode, msgspec.msgpack.Ext

def tensor(*parts):
    return pack([0, Ext(2, pack(parts))])

for request in read_messages(sys.stdin.buffer, m.AnyRunnerRequest):
    if isinstance(request, m.Ping):
        sys.stdout.buffer.write(encode(m.Pong(request.id, "2", "3")))
    else:
        sys.stdout.buffer.write(encode(m.Evaluated(request.id, {result}, "")))
    sys.stdout.buffer.flush()
"""
NO_CONSTANTS = {
    "garbage": r"b'\xc1\xff'",
    "nothing": "b''",
    "no list": "pack(5)",
    "a map": "pack([0, dict(a=1)])",
    "bytes": r"pack([0, b'\xff'])",
    "an unknown extension": "pack([0, Ext(3, b'')])",
    "half a complex number": "pack([0, Ext(1, b'x')])",
    "an unknown container": "pack([9, 1])",
    "a key without a value": "pack([0, [2, 1, 2, 3]])",
    "a key that is a list": "pack([0, [2, [0], 1]])",
    "two values": "pack([0, 1, 2])",
    "no value": "pack([0])",
    "containers without end": r"b'\x92\x00' * 100_000 + b'\x00'",
    "an unknown dtype": "tensor('nope', [1], b'')",
    "too few bytes": "tensor('float32', [1_000_000], b'abc')",
    "a negative size": r"tensor('float32', [-5, -1], b'\0' * 20)",
    "a huge size": "tensor('float32', [1 << 62, 1 << 62], b'')",
    "many dimensions": r"tensor('float32', [1] * 1_000, b'\0' * 4)",
    "a text": "pack([0, 'no tensor'])",
    "a number": "pack([0, 5])",
}


def evaluated(result: str, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What the evaluator takes from a process that answers with this."""
    graph = parse_graph(GRAPH.format(type="Tensor", call="relu(%x)"))
    node = next(node for node in graph.all_nodes() if node.kind == "aten::relu")
    command = [sys.executable, "-c", EVALUATOR.replace("{result}", result)]
    evaluator = RemoteEvaluator()
    link = RunnerLink(
        evaluator._replies.put, Role.EVALUATOR,
        start=lambda _role, _libraries: OwnProcess(command, dict(os.environ), takes_files=False),
    )  # fmt: skip
    monkeypatch.setattr(evaluator, "_link", link)
    schema = find_overload("aten::relu")
    assert schema is not None
    try:
        return evaluator(node, schema, [2])
    finally:
        evaluator.close()


@pytest.mark.parametrize("result", NO_CONSTANTS.values(), ids=NO_CONSTANTS)
def test_what_is_no_constant_is_not_folded(result: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EvaluationError, match="relu was not computed: the process that computes gave"):
        evaluated(result, monkeypatch)


def test_a_constant_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    (value,) = evaluated(r"tensor('float32', [2], b'\0' * 8)", monkeypatch)
    assert isinstance(value, LazyTensor)
    assert value.shape == (2,)


def test_kinds_of_constants() -> None:
    graph = parse_graph(
        "graph(%a : int, %b : float[], %c : (int, str), %d : Dict(str, int), %e : Device?, %f : bool):\n"
        "  return (%a)\n"
    )
    types = [value.type for value in graph.inputs]
    good = [3, [1.0, 2], (1, "x"), {"k": 1}, "cpu", True]
    bad = ["3", ["1"], (1,), {1: 1}, 5, 3]
    assert all(map(may_be, good, types))
    assert not any(map(may_be, bad, types))
