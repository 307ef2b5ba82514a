"""What cannot be lowered is refused with the place and the reason, and never by an internal error."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest

from jitcore.source import SourceError
from tests.frontend.written import graph_of, importer_of


def refused(signature: str, body: str) -> SourceError:
    code = f"def f({signature}:\n" + "".join(f"  {line}\n" for line in body.split("\n"))
    with pytest.raises(SourceError) as raised:
        graph_of(code)
    return raised.value


@pytest.mark.parametrize(
    ("signature", "body", "message"),
    [
        ("x: Tensor) -> Tensor", "return y", "undefined value y"),
        ("x: Tensor) -> Tensor", "return (x).gone", "'Tensor' object has no attribute or method 'gone'"),
        ("x: Tensor) -> int", "return x + 'a'", "Arguments for call are not valid"),
        ("x: Tensor) -> Tensor", "a, b = x\nreturn a", "Tensor cannot be used as a tuple"),
        ("x: Tensor) -> int", "a, b = (1, 2, 3)\nreturn a", "too many values to unpack: need 2 but found 3"),
        ("x: Tensor) -> int", "a, b = (1,)\nreturn a", "need 2 values to unpack but found only 1"),
        ("x: Tensor) -> Tensor", "y : int = x\nreturn x", "is annotated with type int"),
        ("s: str, n: int) -> int", "while n > 1:\n  n = s\nreturn n", "previously had type int"),
        ("x: Tensor, n: int) -> int", "if n > 1:\n  y = 1\nreturn y", "y is not defined in the false branch"),
        ("x: Tensor, n: int) -> int", "break\nreturn n", "'break' outside loop"),
        ("x: Tensor, n: int) -> int", "if n > 1:\n  return n", "does not return along all paths"),
        ("x: Tensor) -> str", "return x", "annotated as having type str but is actually of type Tensor"),
        ("t: Tuple[int, int]) -> int", "return t[2]", "Tuple index out of range"),
        ("x: Tensor) -> int", "return isinstance(x)", "isinstance expected exactly 2 arguments"),
        ("x: Tensor) -> Tensor", "return x[..., 1, ...]", "single ellipsis"),
        ("x: Tensor) -> Tensor", "raise 'a'", "exceptions must derive from BaseException"),
        ("x: Tensor) -> Tensor", "return lambda: x", "Lambda expressions are not supported"),
        ("x: Tensor) -> Tensor", "global y\nreturn x", "Global statements are not supported"),
        ("x: Tensor) -> Tensor", "return CONSTANTS.c4", "constant index 4 is out of bounds"),
        ("x: Tensor) -> Tensor", "return __torch__.gone.f(x, )", "cannot call a Class Namespace"),
        ("x: Tensor) -> Tensor", f"return torch.add(x, {1 << 63})", "Integral constant out of range"),
        ("x: Tensor) -> int", f"return -{(1 << 63) + 1}", "Integral constant out of range"),
        ("x: Tensor) -> Tensor", f"return torch.add(x, {'1' * 5000})", "Integral constant out of range"),
        ("x: Tensor) -> Tensor", "with x:\n  return x", "must return an object"),
        (
            "x: Tensor) -> Tensor",
            "torch = x\nreturn torch.neg(x)",
            "has no attribute|not a first-class|valid",
        ),
    ],
)
def test_refusals_name_the_reason(signature: str, body: str, message: str) -> None:
    error = refused(signature, body)
    assert re.search(message, str(error)), str(error)
    assert error.location.startswith("code/__torch__.py:")
    assert "<--- HERE" in error.excerpt


def test_the_place_is_that_of_the_expression() -> None:
    error = refused("x: Tensor) -> Tensor", "y = torch.neg(x)\nreturn torch.add(y, (z).foo)")
    assert error.location == "code/__torch__.py:3:23"
    assert error.excerpt.splitlines()[-1].index("~") == 23


@pytest.mark.parametrize("depth", [150, 400, 3000])
def test_deep_nesting_is_lowered_or_refused(depth: int) -> None:
    calls = "def f(x: Tensor) -> Tensor:\n  return " + "torch.neg(" * depth + "x" + ")" * depth + "\n"
    sums = "def f(x: Tensor) -> Tensor:\n  return x" + " + x" * depth + "\n"
    chain = "".join(f"  elif n == {i}:\n    x = torch.neg(x)\n" for i in range(depth))
    branches = f"def f(x: Tensor, n: int) -> Tensor:\n  if n == -1:\n    pass\n{chain}  return x\n"
    for code in (calls, sums, branches):
        with suppress(NestedTooDeeplyError):
            lower_or_say_why(code)


class NestedTooDeeplyError(Exception):
    """The refusal that deep nesting may meet."""


def lower_or_say_why(code: str) -> None:
    try:
        graph_of(code)
    except SourceError as error:
        if "nested too" in str(error) or "too many nested" in str(error):
            raise NestedTooDeeplyError from error
        raise


def test_a_function_that_needs_its_own_result_type_is_refused() -> None:
    with pytest.raises(SourceError, match="called recursively"):
        graph_of("def f(x: Tensor):\n  return __torch__.f(x, )\n")


def test_unknown_operators_and_classes_are_lowered_and_listed() -> None:
    importer = importer_of(
        """\
def f(x: Tensor,
    packed: __torch__.torch.classes.mine.Packed) -> List[int]:
  y, z = ops.mine.split(x, 2)
  w = torch.operator_of_tomorrow(torch.add(y, z))
  sizes : List[int] = ops.mine.sizes(w, dim=1)
  a, b = (packed).unpack(w, )
  return torch.add(sizes, torch.size(torch.add(a, b)))
"""
    )
    graph = importer.function("__torch__.f").graph
    kinds = [n.kind for n in graph.nodes()]
    assert [k for k in kinds if "mine" in k or "tomorrow" in k] == [
        "mine::split",
        "aten::operator_of_tomorrow",
        "mine::sizes",
    ]
    assert set(importer.unknown) == {
        "__torch__.torch.classes.mine.Packed",
        "mine::split",
        "aten::operator_of_tomorrow",
        "mine::sizes",
        "__torch__.torch.classes.mine.Packed.unpack",
    }
    place = importer.unknown["mine::sizes"].at
    assert place is not None
    assert place.file_line_col() == ("code/__torch__.py", 5, 22)


def test_methods_of_known_native_classes_have_their_types() -> None:
    text = graph_of(
        "def f(p: __torch__.torch.classes.quantized.Conv2dPackedParamsBase) -> Tensor:\n"
        "  w, b = (p).unpack()\n  return w\n"
    )
    assert '(Tensor, Tensor?) = prim::CallMethod[name="unpack"](%p.1)' in text


@pytest.mark.parametrize(("version", "replaced"), [(3, True), (4, False), (None, False)])
def test_operators_of_old_archives_mean_what_they_meant(version: int | None, replaced: bool) -> None:
    code = (
        "class Net(Module):\n  __parameters__ = []\n"
        "  def forward(self: __torch__.Net, x: Tensor, y: Tensor) -> Tensor:\n"
        "    z = torch.div(x, y)\n    return torch.add(z, z)\n"
    )
    text = graph_of(code, "Net.forward", version)
    assert ('value="trunc"' in text) is replaced


def test_warnings_are_numbered_in_the_order_of_compilation() -> None:
    importer = importer_of(
        """\
class Net(Module):
  __parameters__ = []
  def later(self: __torch__.Net) -> NoneType:
    torch.warn("c", 2)
    return None
  def forward(self: __torch__.Net) -> NoneType:
    _0 = __torch__.helper()
    torch.warn("b", 2)
    return None
def helper() -> NoneType:
  torch.warn("a", 2)
  return None
"""
    )
    net = importer.class_type("__torch__.Net")

    def numbers(function: object) -> list[object]:
        nodes = function.graph.all_nodes()  # type: ignore[attr-defined]
        return [n.attributes["warn_id"] for n in nodes if n.kind == "aten::warn"]

    # Asked for last to first; counted as a class, its methods in order and what they call would be.
    assert numbers(net.methods["forward"]) == [2]
    assert numbers(importer.function("__torch__.helper")) == [1]
    assert numbers(net.methods["later"]) == [0]
