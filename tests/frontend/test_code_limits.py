"""Code of more than any program has is refused in a sentence, long before it fills the machine."""

import pytest

from jitcore.frontend import parsing
from jitcore.printing import graph_text
from jitcore.source import SourceError
from tests.frontend.written import importer_of

FUNCTION = "def f(x: Tensor) -> Tensor:\n{}  return x\n"


def graph_of(body: str):
    return importer_of(FUNCTION.format(body)).function("__torch__.f").graph


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("  y = [" + "x, " * 500_000 + "]\n", "more code than can be read"),
        ("  y = x; " + "; ".join(["y = torch.neg(y)"] * 150_000) + "\n", "more code than can be read"),
        ("  x\n" * 450_000, "more code than can be read"),
        ("\n" * 5_000_000, "the code has 5,000,002 lines"),
    ],
    ids=["list", "one line", "statements", "empty lines"],
)
def test_too_much_code_is_refused(body, reason):
    with pytest.raises(SourceError, match=reason) as refused:
        graph_of(body)
    assert "\n" not in str(refused.value)


def test_long_texts_and_runs_of_calls_are_no_code_to_the_parser(monkeypatch):
    monkeypatch.setattr(parsing, "MOST_SIGNS", 1_000)
    calls = "".join(f"  x{i} = torch.neg({f'x{i - 1}' if i else 'x'})\n" for i in range(2_000))
    text = graph_text(graph_of(f'{calls}  ops.prim.Print(x1999, "{"long " * 5_000}")\n'))
    assert text.count("aten::neg") == 2_000
