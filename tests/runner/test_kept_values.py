"""Values of a run are kept within a budget and can be looked at; NaNs are found; spans tell when."""

import itertools

import pytest
import torch

from jitcore.printing import parse_graph
from jitviewer.protocol.chrome_trace import chrome_trace
from jitviewer.protocol.runner_messages import LookAtKept, RunProgress, RunRequest, RunResult, ValueSeen
from jitviewer.runner.kept_values import INPUTS, KeptValues
from jitviewer.runner.span_rows import span_rows
from jitviewer.runner.value_looks import PAGE_COLUMNS, PAGE_ROWS, look_at

numbers = itertools.count(1000)
PLAIN = "graph(%x : Tensor):\n  %a : Tensor = aten::neg(%x)\n  return (%a)\n"
WRITING = "graph(%x : Tensor):\n  %a : Tensor = aten::neg_(%x)\n  return (%a)\n"


def kept(text=PLAIN, budget=1000):
    return KeptValues(1, budget, parse_graph(text))


def test_values_are_kept_until_the_budget_is_used_up():
    values = kept(budget=100)
    first, large = torch.ones(20), torch.ones(10)
    values.take(1, [first])
    values.take(2, [large, 3])
    seen = values.value(1, 0)
    assert seen.data_ptr() == first.data_ptr()
    assert seen is not first, "the program lets its tensor go, whoever looks at the values"
    assert values.value(2, 1) == 3
    with pytest.raises(LookupError, match="40 bytes was dropped"):
        values.value(2, 0)
    with pytest.raises(LookupError, match="did not compute"):
        values.value(9, 0)
    summary = values.summary()
    assert (summary.values, summary.bytes, summary.dropped, summary.dropped_bytes) == (2, 80, 1, 40)


def test_views_share_their_room_and_a_later_value_takes_the_place_of_an_earlier():
    values = kept(budget=100)
    x = torch.ones(20)
    values.take(1, [x])
    values.take(2, [x.view(4, 5)])
    assert values.summary().bytes == 80
    for turn in range(3):
        values.take(1, [torch.full((2,), float(turn))])
    values.take(2, [0])
    assert values.summary().bytes == 8
    assert values.value(1, 0).tolist() == [2.0, 2.0]


def test_values_that_may_be_written_to_are_copied():
    for text, expected in ((PLAIN, 5.0), (WRITING, 1.0)):
        values = kept(text)
        x = torch.ones(2)
        values.take(INPUTS, [x])
        x.fill_(5.0)
        assert values.value(INPUTS, 0)[0] == expected


def test_a_look_tells_statistics_pages_and_a_picture():
    x = torch.arange(3 * 200 * 300, dtype=torch.float32).reshape(3, 200, 300)
    x[1, 190, 290] = float("nan")
    x[0, 0, 1] = float("inf")
    look = look_at(x, 1, 180, 290)
    facts = {fact.name: fact.text for fact in look.facts}
    assert (facts["NaN"], facts["infinite"], facts["zeros"]) == ("1", "1", "1")
    assert (look.slices, look.slice, look.rows, look.columns) == (3, 1, 200, 300)
    assert len(look.cells) == 20
    assert len(look.cells[0]) == 10
    assert look.cells[10][0] == "nan"
    assert look.cells[0][0] == f"{float(x[1, 180, 290]):.5g}"
    assert sum(look.histogram) == x.numel() - 2
    assert len(look.picture) == look.picture_width * look.picture_height
    assert max(look.picture_width, look.picture_height) <= 128
    first = look_at(x)
    assert (len(first.cells), len(first.cells[0])) == (PAGE_ROWS, PAGE_COLUMNS)


@pytest.mark.parametrize(
    "value",
    [
        torch.zeros(0, 3), torch.tensor(3), torch.tensor([True, False]), torch.full((2,), float("nan")),
        torch.tensor([1 + 2j]), torch.tensor([-3e38, 3e38]), torch.ones(2, 2).to_sparse(), 3, "word", None,
        [torch.ones(2), torch.ones(3)], {"key": torch.ones(2)}, [1, 2, 3],
        (torch.ones(2, dtype=torch.bfloat16),),
    ],
    ids=str,
)  # fmt: skip
def test_anything_can_be_looked_at(value):
    look = look_at(value)
    assert look.type
    assert look.facts


def test_spans_are_nested_and_written_as_a_chrome_trace():
    names = [(("", 7), "prim::Loop"), (("", 8), "aten::neg"), (("f", 1), "aten::abs")]
    rows = span_rows([(1, 1500, 2500), (0, 1000, 5000), (2, 3000, 4000), (1, 6000, 7000)], names)
    assert [(r.kind, r.start_us, r.us, r.depth) for r in rows] == [
        ("prim::Loop", 0.0, 4.0, 0), ("aten::neg", 0.5, 1.0, 1), ("aten::abs", 2.0, 1.0, 1),
        ("aten::neg", 5.0, 1.0, 0),
    ]  # fmt: skip
    import json

    trace = json.loads(chrome_trace(rows))["traceEvents"]
    assert trace[2]["args"] == {"node": 1, "function": "f"}
    assert (trace[0]["ph"], trace[0]["dur"]) == ("X", 4.0)


class Logarithm(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        shifted = x - 2.0
        return torch.log(shifted).relu_() * 1.0


@pytest.fixture(scope="module")
def logarithm(tmp_path_factory):
    path = tmp_path_factory.mktemp("kept") / "logarithm.pt"
    torch.jit.script(Logarithm()).save(str(path))
    return str(path)


def run(runner, path, **options):
    request = RunRequest(
        next(numbers), path, "", "forward", ["inline"], ["float32[2,3]:0..1"], spans=True, find_nan=True,
        **{"keep_bytes": 1 << 20, **options},
    )  # fmt: skip
    *before, result = runner.ask(request)
    assert isinstance(result, RunResult), result
    return request, before, result


def look(runner, run_id, node_id, index=0):
    (seen,) = runner.ask(LookAtKept(next(numbers), run_id, node_id, index))
    assert isinstance(seen, ValueSeen)
    return seen


def test_every_value_of_the_last_run_can_be_looked_at(runner, logarithm):
    request, before, result = run(runner, logarithm, repeats=3, warmup=1)
    nodes = {row.kind: row for row in result.times}
    log = look(runner, request.id, nodes["aten::log"].node_id).look
    facts = {fact.name: fact.text for fact in log.facts}
    assert facts["NaN"] == "6"
    assert result.first_nan == nodes["aten::log"].node_id
    assert nodes["aten::log"].has_nan
    assert not nodes["aten::sub"].has_nan
    assert nodes["aten::log"].source.partition(":")[0].endswith("test_kept_values.py")
    assert result.input_types[1] == "Float(2, 3)"
    given = look(runner, request.id, INPUTS, 1).look
    assert given.type == "Float(2, 3)"
    sub = look(runner, request.id, nodes["aten::sub"].node_id).look
    assert float(sub.cells[0][0]) == pytest.approx(float(given.cells[0][0]) - 2.0, abs=1e-4)
    assert result.kept.values >= 4
    assert len([span for span in result.spans if span.kind == "aten::log"]) == 1
    assert [span.start_us for span in result.spans] == sorted(span.start_us for span in result.spans)
    expected = [reply.expected_s for reply in before if isinstance(reply, RunProgress)]
    assert expected[0] == 0.0


def test_values_of_an_earlier_run_are_gone(runner, logarithm):
    first, _, result = run(runner, logarithm)
    second, _, _ = run(runner, logarithm, keep_bytes=8)
    node = result.times[0].node_id
    assert "no run has kept" in look(runner, first.id, node).why_not
    tensors = [row.node_id for row in result.times if row.kind == "aten::sub"]
    assert "dropped" in look(runner, second.id, tensors[0]).why_not


def test_expected_time_is_what_the_runs_so_far_tell():
    from jitviewer.runner.replies import ProgressReport

    class Pipe:
        def __init__(self):
            self.sent = []

        def send(self, reply):
            self.sent.append(reply)

    pipe = Pipe()
    report = ProgressReport(pipe, 1, total=3, warmup=1)
    report.stage("loading")
    report.stage("warm-up")
    report.step(warms_up=True)
    report.stage("running")
    loading, warming, running = pipe.sent
    assert loading.expected_s == warming.expected_s == 0.0
    assert running.expected_s > 0.0
    assert running.done == 0
