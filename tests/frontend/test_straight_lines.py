"""Lines that only call operators mean the same whether Python's parser reads them or not."""

import pytest

from jitcore.frontend.code_files import SyntaxCache
from jitcore.frontend.straight_lines import StraightLines
from jitcore.printing import graph_text
from jitcore.source import SourceError
from tests.frontend.written import importer_of

SIGNATURE = "def f(x: Tensor, n: int, items: List[Tensor]) -> Tensor:\n"
LINES = tuple(f"  y{i} = torch.mul(torch.neg(y{i - 1}), x)\n" for i in range(1, 10))
RUN = "  y0 = torch.relu(x)\n" + "".join(LINES)
BODIES = (
    RUN + "  return y9\n",
    "  z = n + 1\n" + RUN + "  if bool(y9):\n    r = x\n  else:\n    r = y9\n  return r\n",
    RUN + "  w = items[0]\n" + RUN.replace("y", "z") + "  return torch.add(z9, w)\n",
    RUN + "  a = torch.flatten(torch.tanh(torch.neg(torch.abs(y9))), 1)\n" + RUN + "  return a\n",
    RUN + "  a = torch.neg(torch.neg(torch.neg(torch.neg(torch.neg(y9)))))\n" + RUN + "  return a\n",
    RUN
    + "  a = torch.softmax(y9, 0, None)\n  b = torch.all(a, 0, True)\n  n = torch.add(n, 10)\n  return b\n",
    RUN + "  a = torch.max(y9, 0)\n" + RUN + "  b, _ = a\n  return b\n",
    RUN + "  _0 = torch.add(y9, inf)\n  _1 = torch.mul(_0, nan)\n  y0 = torch.sub(_1, 1)\n  return y0\n",
    RUN + "  x = torch.cat(items, 0)\n  x = torch.neg(x)\n  l = torch.len(items)\n  return torch.mul(x, l)\n",
    RUN + "  a = torch.no_such_operator(y9, n)\n" + RUN + "  return a\n",
    RUN + "  a = torch.div(n, 2)\n  b = torch.pow(y9, a)\n  return b\n",
    RUN + "  n = torch.neg(y9)\n  return y9\n",
    RUN + f"  n = torch.add(y9, {(1 << 63) - 1})\n" + RUN + "  return y9\n",
    RUN + f"  n = torch.add(y9, {1 << 63})\n" + RUN + "  return y9\n",
    RUN + f"  n = torch.add(y9, {'1' * 5000})\n" + RUN + "  return y9\n",
    RUN + "  a = torch.gone(y99)\n  return y9\n",
    RUN + "  a = torch.neg(torch.relu(missing))\n  return y9\n",
    RUN + "  a = torch.neg(CONSTANTS)\n  return y9\n",
    RUN + "  a = torch.neg(n, n, n, n)\n  return y9\n",
    "  torch = x\n" + RUN + "  return y9\n",
    RUN + "  y1 = torch.autograd(x)\n  return y9\n",
)


def outcome(text: str, version: int | None) -> str:
    """The graph with all its places, or what is wrong with it."""
    try:
        return graph_text(importer_of(text, version).function("__torch__.f").graph)
    except SourceError as error:
        return str(error)


@pytest.mark.parametrize("version", [None, 2])
@pytest.mark.parametrize("body", BODIES)
def test_the_graph_is_that_of_the_syntax(body: str, version: int | None) -> None:
    text = SIGNATURE + body
    # A comment makes a file one that is parsed as a whole.
    assert outcome(text, version) == outcome(text + "# the end\n", version)


@pytest.mark.parametrize("last", ["", "  return y9\n"])
def test_such_runs_are_not_parsed(last: str) -> None:
    importer = importer_of(SIGNATURE + RUN + last)
    source = importer.function("__torch__.f").source_range
    assert source is not None
    file = SyntaxCache().parse(source.source)
    body = file.body_of(file.definitions[0])  # type: ignore[arg-type]
    assert type(body.statements[0]) is StraightLines
    assert len(body.statements) == bool(last) + 1
    assert source.text().endswith((last or RUN).rstrip("\n"))


@pytest.mark.parametrize(
    "line",
    [
        "  if = torch.neg(x)\n", "  y = torch.lambda(x)\n", "  y = torch.neg(is)\n",
        "  y = torch.neg(x y)\n", "  y = torch.neg(x,, n)\n",
         "  y = torch.neg(07)\n", "  y = torch.neg(x))\n", "  None = torch.neg(x)\n",
        "   y = torch.neg(x)\n", "  y = torch.1(x)\n",
    ],
)  # fmt: skip
def test_what_is_not_code_is_found_among_them(line: str) -> None:
    text = SIGNATURE + RUN + line + RUN + "  return x\n"
    messages: list[str] = []
    for end in ("", "# the end\n"):
        with pytest.raises(SourceError, match="not valid code") as raised:
            importer_of(text + end).function("__torch__.f")
        messages.append(str(raised.value).replace("# the end", ""))
    assert messages[0].strip() == messages[1].strip()
