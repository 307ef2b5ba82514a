"""Files are parsed in pieces that others share: nothing but the time may tell."""

import ast

import pytest

from jitcore.frontend import SourceImporter
from jitcore.frontend.code_files import CodeFile, SyntaxCache
from jitcore.frontend.parsing import parse
from jitcore.frontend.positions import ArchivePositions
from jitcore.ir.objects import EnumValue
from jitcore.source import Source, SourceError
from jitcore.types import ListType
from tests.frontend.written import Files

CONVOLUTION = """\
class Conv(Module):
  __parameters__ = ["weight", ]
  weight : Tensor
  inner : __torch__.a.___torch_mangle_{n}.Inner
  def forward(self: __torch__.b.___torch_mangle_{n}.Conv,
    x: Tensor) -> Tensor:
    y = torch.mul(x, self.weight)
    if bool(y):
      z = y
    else:
      z = x

    return z
  def both(self: __torch__.b.___torch_mangle_{n}.Conv,
    other: List[__torch__.a.___torch_mangle_{n}.Inner]) -> int:
    return torch.len(other)
"""
LAYOUTS = (
    CONVOLUTION.format(n=12),
    "def f(x: Tensor) -> Tensor:\n  return x",
    "def f(x: Tensor) -> Tensor: return x\ndef g(x: Tensor) -> Tensor:\n  return f(x)\n",
    "def f(x: Tensor) -> Tensor:\n\n  y = x\n\n\n  return y\n\n\ndef g(x: Tensor) -> Tensor:\n  return x\n",
    "def f(x: Tensor) -> Tensor:\n  # twice\n  return x + x\n",
    "def f(x: Tensor) -> Tensor:\n  y = g(x,\n1)\n  return y\n",
    'def f(x: Tensor) -> str:\n  return """a\ndef g(x):\n  return 1\n"""\n',
    "def f(x: Tensor) -> str:\n  return 'def g(x):'\n",
    "def f(x: Tensor) -> Tensor:\n  def g():\n    return x\n  return fork(g)\n",
    "def f(x: int,\n  y: int=1) -> int:\n   return x\nclass A(Module):\n    def g(self: A):\n     pass\n",
    "def f(" + ", ".join(f"x{i}: int\n    " for i in range(80)) + ") -> int:\n  return x0\n",
    "def f(x: Tensor) -> Tensor:\n\ty = x\n\treturn y\n",
    "def f(x: str) -> str:\n  return 'größer'\n",
    "op_version_set = 1\ndef f(x: Tensor) -> Tensor:\n  return x\n",
    "def f(x: Tensor) -> Tensor:\n  return x;\n",
)
BROKEN = (
    "def f(x: Tensor) -> Tensor:\n  return (x\n",
    "def f(x: Tensor) -> Tensor:\ndef g(x: Tensor) -> Tensor:\n  return x\n",
    "def f(x: Tensor) -> Tensor:\n    y = x\n  return y\n",
    "def f(x: Tensor) -> Tensor:\n  return x)\n",
    "def f(x: Tensor) -> Tensor:\n\n\n",
)


def functions_of(file: CodeFile) -> list[ast.FunctionDef]:
    """The functions and methods of a file."""
    inner = [node for kind in file.definitions if isinstance(kind, ast.ClassDef) for node in kind.body]
    return [node for node in (*file.definitions, *inner) if isinstance(node, ast.FunctionDef)]


@pytest.mark.parametrize("text", LAYOUTS)
def test_every_layout_has_the_syntax_and_the_places_of_the_whole(text: str) -> None:
    source = Source(text, "code.py")
    file = SyntaxCache().parse(source)
    whole = CodeFile(parse(source).body, ArchivePositions(source), {})
    mine, theirs = functions_of(file), functions_of(whole)
    assert [f.name for f in mine] == [f.name for f in theirs]
    for one, two in zip(mine, theirs, strict=True):
        places = [(at.start, at.end) for at in (file.range_of(one), whole.range_of(two))]
        assert places[0] == places[1]
        body = file.body_of(one)
        assert [ast.dump(s) for s in body.statements] == [ast.dump(s) for s in two.body]
        pieces = [list(ast.walk(ast.Module(list(s), []))) for s in (body.statements, two.body)]
        for part, same in zip(*pieces, strict=True):
            if isinstance(part, ast.stmt | ast.expr):
                at, expected = body.positions.of(part), whole.positions.of(same)
                assert (at.start, at.end) == (expected.start, expected.end)


@pytest.mark.parametrize("text", BROKEN)
def test_what_is_wrong_is_told_as_for_the_whole(text: str) -> None:
    source = Source(text, "code.py")
    with pytest.raises(SourceError) as whole:
        parse(source)
    with pytest.raises(SourceError) as pieces:
        SyntaxCache().parse(source)
    assert str(pieces.value) == str(whole.value)


def test_what_differs_in_numbers_of_classes_is_parsed_once() -> None:
    cache = SyntaxCache()
    files = [cache.parse(Source(CONVOLUTION.format(n=n), f"{n}.py")) for n in (12, 34)]
    first, second = (functions_of(file) for file in files)
    assert first[0] is second[0]
    bodies = [file.body_of(first[0]) for file in files]
    assert bodies[0].statements is bodies[1].statements
    assert bodies[0].positions.source is not bodies[1].positions.source


def test_names_keep_their_own_numbers() -> None:
    inner = "class Inner(Module):\n  training : bool\n"
    numbers = (0, 7, 8)
    importer = SourceImporter(
        Files(
            {f"__torch__.a.___torch_mangle_{n}": inner for n in numbers}
            | {f"__torch__.b.___torch_mangle_{n}": CONVOLUTION.format(n=n) for n in numbers}
        )
    )
    for n in numbers:
        kind = importer.class_type(f"__torch__.b.___torch_mangle_{n}.Conv")
        expected = importer.class_type(f"__torch__.a.___torch_mangle_{n}.Inner")
        assert kind.attributes["inner"].type is expected
        assert kind.methods["both"].schema.arguments[1].type == ListType(expected)


def test_defaults_keep_the_numbers_of_their_enums() -> None:
    enum = "class Color(Enum):\n  RED = {n}\n"
    code = (
        "def f(c: __torch__.e.___torch_mangle_{n}.Color=__torch__.e.___torch_mangle_{n}.Color.RED,\n"
        '  text: str="x.___torch_mangle_{n}.y:") -> int:\n  return 1\n'
    )
    files: dict[str, str] = {}
    for n in (1, 2):
        files[f"__torch__.e.___torch_mangle_{n}"] = enum.format(n=n)
        files[f"__torch__.f{n}"] = code.format(n=n)
    importer = SourceImporter(Files(files))
    for n in (1, 2):
        color, text = importer.function(f"__torch__.f{n}.f").schema.arguments
        assert isinstance(color.default, EnumValue)
        assert color.default.type is importer.named_type(f"__torch__.e.___torch_mangle_{n}.Color")
        assert text.default == f"x.___torch_mangle_{n}.y:"
