"""A syntax error in an archive's code opens no file of the name that the archive gives to the code."""

from __future__ import annotations

import sys

import pytest

from jitcore.frontend.parsing import parse
from jitcore.source import Source, SourceError

opened: list[str] = []
is_listening = [False]


def note_opened(event: str, arguments: tuple[object, ...]) -> None:
    if is_listening[0] and event == "open":
        opened.append(str(arguments[0]))


# A hook stays for as long as the process lives.
sys.addaudithook(note_opened)


@pytest.mark.parametrize("text", ["x = (\n  1 2 3\n", "x = 1 +\n", "def f(:\n", "  x\n", '"""', "x = 1 if\n"])
def test_the_file_of_that_name_is_left_alone(tmp_path, text):
    secret = tmp_path / "secret.py"
    secret.write_text("a secret\n" * 9)
    opened.clear()
    is_listening[0] = True
    try:
        with pytest.raises(SourceError) as caught:
            parse(Source(text, str(secret)))
    finally:
        is_listening[0] = False
    assert str(secret) not in opened
    assert "a secret" not in str(caught.value)
