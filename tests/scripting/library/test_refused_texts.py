"""Texts that TorchScript's parser refuses: in the same words and with the same places as in torch.jit."""

import pytest
import torch

import jitcore

BODIES = [
    "return [x x]", "return 'a", "a, b += x", "x + 1 = x", "f(x, 2) = x", "1 = (x, x)", "a, 1 = x", "*a = x",
    "x + 1 += x", "for *a in [x]:\n        pass", "for 1 in x:\n        pass", "return {x, x}", "raise", "del",
    "if x:\n        return x\n    else\n        return x", "try:\n        pass\n    except:\n        pass",
    "return lambda: x", "return 1_000", "x: int, y = 3", "a: int = b = 3", "return x; y", "global 1",
    "# type: ignore\n    return x", "x = 1 # type: ignore", "return x if x", "return (x", "return x)",
    "return f'{x}'", "return ä", "while x:\n        pass\n    else:\n        pass", "return x[1:2:3:4]",
    "return x y", "return 3 +", "return x ? x", "return +x", "return [i for i in x if i]", "return g(**x)",
    "return x := 3", "x //= 3", "x @= 3", "return 0b11", "with x as y.z:\n        pass", "import a",
    "return x.1", "return x.def", "assert x, 'a', 'b'", "pass pass", 'x = "a', "if x: return x", "return $x",
    "return [a for a in b, c]", "return [a for a, b in x]", "return x\n  return x", "return x\n        return x",
    "if x > 0:\n            return x\n        return x", "return \\ x", "return {x: 1, x}", "return not",
    "return x not y", "return x < > y", "return (1, 2", "return [1, 2", "return x[1", 'return """a',
]  # fmt: skip
TEXTS = [
    *(f"def f(x):\n    {body}\n" for body in BODIES),
    "def f(x: int):\n    return x", "def f(x): return x", "def f(x):\nreturn x\n", "f(x)\n",
    "def f(x)\n    return x\n", "def f(x):\n    return x\nx = 3\n", "def f(*x):\n    return x\n",
    "def f(x, **y):\n    return x\n", "def f(x, /, y):\n    return x\n", "class A:\n    pass\n",
    "@a\ndef f(x):\n    pass\n", "def f(x) -> int -> int:\n    return 1\n", "def f(x=1):\n    return x\n",
    "def (x):\n    return x\n", "def f(x:):\n    return x\n", "\n    def f(x):\n        return [x x]\n",
    "    def f(x):\n        return x\n  def g(x):\n        return x\n",
    *(f"def f(x: {annotation}):\n    return x\n" for annotation in (
        "Tuple[(int,)]", "Optional[(int, str)]", "Tuple[int, (str,)]", "Union[(int, str)]",
        "(int, str)", "()", "BroadcastingListx[int]", "BroadcastingList3[str]", "BroadcastingList2[int, int]",
        "BroadcastingList2[List[int]]", "BroadcastingListx[str]", "List[int, int]", "Dict[int]", "a()", "[int]",
        "a()[int]", "{1: 2}", "[]", "Foo[int]",
    )),
]  # fmt: skip
ACCEPTED = [
    "", "   ", "# a\n", "def f(x): return x\n", "def f(x):\n\n    # c\n    return x\n\n# d\n",
    "def f(x):\n    return x \\\n      + 1\n", "def f(x):\n    return 0x1f, 1e3, .5, 2., 3j, 'a' \"b\", '''c\n d'''\n",
    "def f(x):\n    return x\n   \n  # e\n", "def f(x):\n    return (x,\n# a\n  x)\n",
    "def f(x):\n    # type: (int) -> int\n    return x\n", "def f(x, *, y: int):\n    return x\n",
    "def f(x):\n    return x[..., None, 1:, ::2, :1, -1]\n", "def f(x: BroadcastingList[int]):\n    return x\n",
    "def f(x: Tuple[()]):\n    return x\n", "def f(x: BroadcastingList12[float]):\n    return x\n",
    "def f(x):\n    (x, (y, *z)), w = (x, (x, x, x)), x\n    return z\n",
]  # fmt: skip


def refusal(library, text):
    # Nothing may hold the error: torch goes on to name what it was compiling until its frames are gone.
    try:
        library.CompilationUnit(text)
    except RuntimeError as error:
        return str(error)
    raise AssertionError("it was not refused")


@pytest.mark.parametrize("text", TEXTS)
def test_the_words_are_those_of_torch(text):
    theirs, ours = refusal(torch.jit, text), refusal(jitcore, text)
    message, _, place = theirs.partition(":\n  File ")
    assert ours.startswith(message)
    assert ours.partition(":\n  File ")[2] == place


@pytest.mark.parametrize("text", ACCEPTED)
def test_what_torch_takes_is_taken(text):
    torch.jit.CompilationUnit(text)
    jitcore.CompilationUnit(text)
