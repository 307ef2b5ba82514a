"""What is closed makes room for what is opened, also while requests wait."""

from jitviewer.engine import engine as engine_module
from jitviewer.engine.engine import Engine
from jitviewer.protocol import events, requests


def test_what_is_closed_is_freed_before_another_is_opened(monkeypatch, tmp_path) -> None:
    told: list[object] = []
    monkeypatch.setattr(engine_module, "give_back", lambda: told.append("freed"))
    engine = Engine(told.append)
    for number in (1, 2):
        engine.post(requests.OpenDocument(number, str(tmp_path / "none.pt")))
        engine.post(requests.CloseDocument(number))
    engine.post(requests.CloseDocument(3))
    engine.end()
    engine.run()
    order = [
        one.document if isinstance(one, events.DocumentFailed) else one
        for one in told
        if one == "freed" or isinstance(one, events.DocumentFailed)
    ]
    assert order[:3] == [1, "freed", 2]
