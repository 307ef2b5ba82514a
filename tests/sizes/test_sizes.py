"""Nothing that the engine or the runner tells of a file is longer, or more, than it may be."""

import pytest

from jitviewer.engine.engine import Engine
from jitviewer.protocol import bounds, events, requests
from jitviewer.protocol.framing import FrameDecoder, encode
from jitviewer.protocol.runner_messages import LookAtKept, RunFailed, RunRequest, RunResult
from tests.runner.conftest import Runner
from tests.sizes.archives import HOSTILE, RETURNS, RUNS, archive, method
from tests.sizes.walking import too_large

PASSES = ["inline", "constant-propagation", "cse", "peephole", "dce"]


def told(path, *asked: requests.Request) -> list[events.Event]:
    """Everything that an engine says of a file, and to these requests."""
    found: list[events.Event] = []
    engine = Engine(found.append)
    engine.post(requests.OpenDocument(1, str(path)))
    for request in asked:
        engine.post(request)
    engine.end()
    engine.run()
    return found


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_the_engine_tells_of_a_file_is_within_bounds(kind, tmp_path):
    path = tmp_path / "m.pt"
    path.write_bytes(HOSTILE[kind]())
    rows = [
        requests.InspectTreeRow(1, row) for row in (*range(1, 12), bounds.TREE_ROWS, bounds.TREE_ROWS + 1)
    ]
    nodes = [requests.InspectNode(1, node) for node in range(8)]
    found = told(
        path,
        requests.ShowRecord(1, "extra/line.txt"),
        requests.AskParseable(1),
        requests.SetCodeForm(1, True),
        requests.SetCodeForm(1, False, True),
        requests.SetPasses(1, PASSES),
        requests.ShowPassDiff(1, "inline"),
        requests.GoToStep(1, 1),
        requests.SetAllItems(1, True),
        requests.HighlightFlow(1, "users", "in1"),
        requests.ExplainName(1, "w" * 100_000, []),
        requests.ShowMethod(1, "p" * 100_000, "m" * 100_000),
        requests.LookAtValue(1, "w" * 100_000),
        *rows,
        *nodes,
    )
    assert {type(event) for event in found} & {events.DocumentOpened, events.DocumentFailed}
    assert [problem for event in found for problem in too_large(event)] == []
    # Whoever receives them takes them, by the bounds in their types.
    received = FrameDecoder(events.AnyEvent).feed(b"".join(map(encode, found)))
    assert len(list(received)) == len(found)


def test_rows_that_are_left_out_are_counted(tmp_path):
    path = tmp_path / "m.pt"
    path.write_bytes(HOSTILE["many_attributes"]())
    opened = next(event for event in told(path) if isinstance(event, events.DocumentOpened))
    assert len(opened.tree) == bounds.TREE_ROWS + 1
    assert opened.tree[-1].kind == "more"
    assert opened.tree[-1].name.startswith("and 35,0")


def test_inputs_beyond_those_that_are_told_run_with_what_is_proposed(tmp_path):
    path = tmp_path / "m.pt"
    path.write_bytes(HOSTILE["many_arguments"]())
    shown = next(event for event in told(path) if isinstance(event, events.MethodShown))
    assert len(shown.inputs) == bounds.INPUTS
    assert shown.more_inputs == 30_001 - bounds.INPUTS


@pytest.fixture(scope="module")
def runner():
    process = Runner()
    yield process
    process.close()


@pytest.mark.parametrize("kind", RUNS)
def test_what_the_runner_tells_of_a_run_is_within_bounds(kind, runner, tmp_path):
    path = tmp_path / "m.pt"
    path.write_bytes(archive(method(RUNS[kind], returns=RETURNS.get(kind, "Tensor"))))
    request = RunRequest(
        2, str(path), "", "forward", ["inline"], ["float32[2]"], keep_bytes=1 << 20, spans=True
    )
    replies = runner.ask(request)
    assert isinstance(replies[-1], RunResult | RunFailed)
    if isinstance(replies[-1], RunResult):
        for row in replies[-1].times[-3:]:
            replies += runner.ask(LookAtKept(2, 2, row.node_id, 0))
    assert [problem for reply in replies for problem in too_large(reply)] == []
