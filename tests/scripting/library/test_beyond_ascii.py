"""Strings beyond ASCII, which are bytes in TorchScript: characters or a refusal, as in torch, never halves."""

from typing import Dict, List, Tuple  # noqa: UP035  # the programs are in this language

import pytest
import torch

import jitcore
from jitviewer.commands.command_line import main

TEXT = "Norman\u00f0y \u0105 b"


def half(s: str) -> str:
    return s[6]


def halves(s: str) -> List[str]:
    return [c for c in s]  # noqa: C416


def words(s: str) -> List[str]:
    return s.split()


def sliced(s: str) -> Tuple[str, int]:
    return s[1:7], len(s)


def keyed(s: str) -> Dict[str, int]:
    return {s[6]: 1}


def prints(s: str) -> int:
    print(s, s[6])
    return 1


def put_together(s: str) -> Tuple[str, str, str, str, bool, int]:
    both = s[6] + s[7]
    table = {"\u00f0": 3}
    return (
        both,
        "".join([c for c in s]),
        "{}{}".format(s[6], s[7]),
        "%s%s" % (s[6], s[7]),
        both == "\u00f0",
        table[both],
    )  # noqa: UP030, UP031, UP032, C416


def whole_ones(s: str) -> List[str]:
    return [s[6:8], s.upper(), s.center(20), s.replace("\u00f0", "x"), s.capitalize(), s.strip()]


def told(jit, program):
    try:
        return jit.script(program)(TEXT)
    except (UnicodeDecodeError, RuntimeError) as error:
        return type(error), str(error)


@pytest.mark.parametrize(
    "program", [half, halves, words, sliced, keyed, put_together, whole_ones], ids=lambda p: p.__name__
)
def test_the_value_or_the_refusal_is_that_of_torch(program):
    assert told(jitcore, program) == told(torch.jit, program)


def test_half_a_character_is_not_printed(capfd):
    for jit in (torch.jit, jitcore):
        with pytest.raises(RuntimeError, match="UnicodeDecodeError: 'utf-8' codec can't decode byte 0xc3"):
            jit.script(prints)(TEXT)
        assert "\u00f0" not in capfd.readouterr().out


def test_a_message_with_half_a_character_can_be_read():
    def fails(s: str) -> str:
        assert False, s[6]  # noqa: B011, PT015
        return s

    with pytest.raises(torch.jit.Error, match="AssertionError: \ufffd"):
        jitcore.script(fails)(TEXT)


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ("return s[6]", 1, "the result holds a string that is no text"),
        ("return {s: [(s[6], 1)]}", 1, "the result holds a string that is no text"),
        ("return s[6:8] + s[10]", 1, "the result holds a string that is no text"),
        ("return s[6] + s[7]", 0, "'\u00f0'"),
    ],
)
def test_runs_give_characters_or_a_sentence(tmp_path, capfd, body, status, said):
    path = tmp_path / "text.py"
    path.write_text(f"def f(s: str):\n    {body}\n")
    assert main(["run", f"{path}:f", "--input", repr(TEXT)]) == status
    shown = capfd.readouterr()
    assert said in shown.out + shown.err
    assert "\\udc" not in shown.out + shown.err
