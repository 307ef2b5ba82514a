"""The Chrome trace format, which Perfetto and chrome://tracing open."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from jitviewer.plain_text import plain_line
from jitviewer.protocol.run_rows import MemoryPointRow, SpanRow


def chrome_trace(spans: Sequence[SpanRow], memory: Sequence[MemoryPointRow] = ()) -> bytes:
    """The spans as JSON, microseconds from the first, and bytes alive along them as a counter.

    Each event is called by its operator; `args` hold the node's id, and the function it stands in where
    that is not the one that was run.
    """
    events: list[dict[str, object]] = []
    for span in spans:
        kind = plain_line(span.kind)
        args: dict[str, object] = {"node": span.node_id}
        if span.function:
            args["function"] = plain_line(span.function)
        events.append(
            {
                "name": kind, "cat": kind.partition("::")[0], "ph": "X", "pid": 1, "tid": 1,
                "ts": span.start_us, "dur": span.us, "args": args,
            }
        )  # fmt: skip
    for point in memory:
        alive: dict[str, object] = {"bytes alive": point.bytes}
        events.append({"name": "memory", "ph": "C", "pid": 1, "tid": 1, "ts": point.at_us, "args": alive})
    return msgspec.json.encode({"traceEvents": events, "displayTimeUnit": "ms"})
