"""Rows of when nodes ran stay within the bounds of a message, however deep they are nested."""

import msgspec

from jitviewer.protocol.bounds import CHARACTERS, DEEPEST, LABEL, NODES
from jitviewer.protocol.run_rows import SpanRow
from jitviewer.runner.span_rows import span_rows

NAMES = [((f"{'f' * 300}", 1), "k" * 300), (("", 2), "aten::neg")]


def test_what_is_nested_too_deep_stands_on_the_last_line():
    many = 2 * DEEPEST
    rows = span_rows([(1, n, 10 * many - n) for n in range(many)], NAMES)
    assert [row.depth for row in rows] == [min(n, DEEPEST - 1) for n in range(many)]
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(rows), type=list[SpanRow]) == rows


def test_names_of_many_spans_have_room_together():
    rows = span_rows([(0, n, n + 1) for n in range(NODES)], NAMES)
    assert sum(len(row.kind) + len(row.function) for row in rows) <= CHARACTERS
    assert len(rows) >= CHARACTERS // (2 * LABEL) - 1
