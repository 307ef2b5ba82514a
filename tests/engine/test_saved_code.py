"""What does not compile can be read as it was saved, on the command line and in the window."""

import pytest
import torch

from jitviewer.commands.command_line import main
from jitviewer.engine.shown_document import ShownDocument
from jitviewer.protocol import events


class Sound(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x

    @torch.jit.export
    def other(self, x: torch.Tensor) -> torch.Tensor:
        return x + 1


@pytest.fixture
def broken(tmp_path):
    """An archive whose forward torch itself cannot read: it writes a float as a long integer."""
    path = tmp_path / "broken.pt"
    torch.jit.trace(lambda x: x.relu().nan_to_num(1e10).neg(), torch.ones(3)).save(str(path))
    return str(path)


def test_the_saved_code_is_shown_with_the_line_that_does_not_compile(broken, capsys):
    assert main(["code", broken]) == 1
    shown = capsys.readouterr()
    lines = shown.out.splitlines()
    place = next(at for at, line in enumerate(lines) if "nan_to_num" in line)
    assert lines[0].startswith("def forward(")
    assert lines[place + 1].strip() == "^ this does not compile"
    assert lines[place + 1].index("^") == lines[place].index("torch.nan_to_num")
    assert lines[-1].strip().startswith("return")
    assert "code/__torch__.py:" in shown.err


def test_records_are_printed_as_they_are(broken, capsys):
    assert main(["record", broken, "code/__torch__.py"]) == 0
    assert "nan_to_num" in capsys.readouterr().out
    assert main(["record", broken, "data.pkl"]) == 0
    assert capsys.readouterr().out.startswith("00000000  80 02")
    assert main(["record", broken, "nothing"]) == 1
    assert "has no record 'nothing'; it has " in capsys.readouterr().err


def test_the_window_is_told_of_the_line(broken):
    document = ShownDocument(1, broken, None)
    told = list(document.open())
    assert [type(event) for event in told[-2:]] == [events.MethodFailed, events.RecordShown]
    shown = told[-1]
    assert shown.view.title == "code/__torch__.py"
    assert "nan_to_num" in shown.view.text.split("\n")[shown.line]
    document.close()


def test_the_methods_that_compile_are_shown_as_ever(tmp_path):
    path = tmp_path / "sound.pt"
    torch.jit.save(torch.jit.script(Sound()), str(path))
    document = ShownDocument(1, str(path), None)
    assert not any(isinstance(event, events.RecordShown) for event in document.open())
    document.close()
