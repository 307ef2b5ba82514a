"""Reports on a diagnosis are few, however quickly inputs are tried."""

import pytest

from jitviewer.protocol.runner_messages import RunProgress
from jitviewer.runner import tried_inputs
from jitviewer.runner.tried_inputs import TriedInputs


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [10.0]
    monkeypatch.setattr(tried_inputs.time, "monotonic", lambda: now[0])
    return now


def test_the_first_input_is_told_and_then_one_now_and_then(clock: list[float]) -> None:
    sent: list[RunProgress] = []
    tried = TriedInputs(7, sent.append)
    for number in range(1, 11):
        tried.tell(number)
        clock[0] += 0.125
    assert [reply.done for reply in sent] == [1, 3, 5, 7, 9]
    assert {reply.id for reply in sent} == {7}
    assert sent[-1].elapsed_s == 1.0
