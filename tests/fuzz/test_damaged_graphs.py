"""Texts of graphs that were damaged node by node end in a sentence, or are shown, printed and rewritten."""

from __future__ import annotations

import random
from contextlib import suppress
from typing import TYPE_CHECKING

from hypothesis import given, note, settings
from hypothesis import strategies as st

from jitcore.passes import catalogue
from jitcore.requests.program import Program
from jitcore.requests.rewritten_method import RewrittenMethod
from jitcore.requests.texts import code_of, graph_of, json_of
from jitcore.source import JitError
from tests.fuzz.graph_damage import damaged
from tests.fuzz.showing import rewrite_fully, show_fully
from tests.passes.conftest import golden_cases
from tests.passes.pass_programs import TEXTS

if TYPE_CHECKING:
    import pytest

UNDAMAGED = [*(case.before for case in golden_cases()), *TEXTS.values()]


@given(seed=st.integers(0, 2**32))
@settings(max_examples=40)
def test_a_damaged_graph_ends_in_a_sentence_or_is_shown(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    draw = random.Random(seed)
    file = tmp_path_factory.getbasetemp() / "damaged.ir"
    file.write_text(damaged(draw.choice(UNDAMAGED), draw))
    note(file.read_text())
    ask_for_everything(str(file))


def ask_for_everything(file: str) -> None:
    """What commands and the window ask for of a graph; only what is no sentence is raised."""
    try:
        program = Program.open(file)
    except JitError:
        return
    method = program.find("", "graph")
    for passes in ([], *([name] for name in catalogue())):
        # Not every pass can rewrite every graph, nor is there code for every one.
        with suppress(JitError):
            found = RewrittenMethod(method, passes, None)
            assert all((graph_of(found), json_of(found), code_of(found)))
    show_fully(file)
    rewrite_fully(file)
