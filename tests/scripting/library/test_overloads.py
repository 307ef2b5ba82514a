"""Functions with overloads: declared before and after uses, again for another function, and with defaults."""

import pytest
import torch

import jitcore
from tests.differential.script_modules.comparison import renumbered
from tests.scripting.library.side_by_side import outcome

LIBRARIES = (torch.jit, jitcore)
FILES = {
    "two overloads": """
        @torch.jit._overload
        def pick(a: int) -> int: ...
        @torch.jit._overload
        def pick(a: float) -> float: ...
        def pick(a): return a

        def use(): return pick(1), pick(.5)
        found = jit.script(use)(), jit.script(use).code
    """,
    "a further overload": """
        @torch.jit._overload
        def pick(a: int) -> int: ...
        def pick(a): return a

        def use(): return pick(1)
        before = jit.script(use)()
        old = pick
        @torch.jit._overload
        def pick(a: str) -> str: ...
        def later(): return old("hi"), old(2)
        found = before, jit.script(later)()
    """,
    "another function of the name": """
        @torch.jit._overload
        def pick(a: int) -> int: ...
        def pick(a): return a

        def use(): return pick(1)
        before = jit.script(use)()
        @torch.jit._overload
        def pick(a: int, b: int) -> int: ...
        def pick(a, b): return a + b
        def later(): return pick(3, 4)
        found = before, jit.script(later)()
    """,
    "the same defaults": """
        @torch.jit._overload
        def plus(a: int, n: int = 4) -> int: ...
        @torch.jit._overload
        def plus(a: float, n: int = 4) -> float: ...
        def plus(a, n=4): return a + n

        def use(): return plus(1), plus(1.5), plus(1, 2)
        found = jit.script(use)()
    """,
    "other defaults": """
        @torch.jit._overload
        def plus(a: int, n: int = 3) -> int: ...
        def plus(a, n=4): return a + n

        def use(): return plus(1)
        found = jit.script(use)()
    """,
    "no implementation": """
        @torch.jit._overload
        def pick(a: int) -> int: ...

        def use(): return pick(1)
        found = jit.script(use)()
    """,
    "an overload by itself": """
        @torch.jit._overload
        def pick(a: int) -> int: ...
        found = jit.script(pick)
    """,
    "an implementation by itself": """
        @torch.jit._overload
        def pick(a: int) -> int: ...
        def pick(a): return a
        found = jit.script(pick)
    """,
    "an implementation by itself after a use": """
        @torch.jit._overload
        def pick(a: int) -> int: ...
        def pick(a): return a
        def use(): return pick(1)
        jit.script(use)
        found = jit.script(pick)
    """,
    "overloads that call others": """
        @torch.jit._overload
        def inner(a: int) -> int: ...
        @torch.jit._overload
        def inner(a: float) -> float: ...
        def inner(a): return a + 1
        @torch.jit._overload
        def outer(a: int) -> int: ...
        def outer(a): return inner(a)

        def use(): return outer(1), inner(1.5)
        found = jit.script(use)(), jit.script(use).code
    """,
}


def executed(name, jit, tmp_path):
    """What a file of overloads finds, in a module of its own for each library: torch keeps overloads by name."""
    library = "ours" if jit is jitcore else "them"
    path = tmp_path / f"{name.replace(' ', '_')}_{library}.py"  # as long: what fits into a line counts
    lines = [line.removeprefix("        ") for line in FILES[name].split("\n")]
    path.write_text("\n".join(lines))
    scope = {"torch": torch, "jit": jit, "__name__": path.stem}
    exec(compile(path.read_text(), str(path), "exec"), scope)  # noqa: S102  # a program made for the test
    return str(scope["found"]).replace(library, "")


@pytest.mark.parametrize("name", FILES)
def test_overloads(name, tmp_path):
    theirs, ours = (outcome(lambda jit=jit: executed(name, jit, tmp_path)) for jit in LIBRARIES)
    assert ours[0] == theirs[0]
    if theirs[0] == "gives":
        assert renumbered(str(ours[1])) == renumbered(str(theirs[1]))
    else:
        first = theirs[1].strip().split("\n")[0].rstrip(":").replace("_them", "_ours")
        assert ours[1].strip().startswith(first)


def test_what_torch_has_compiled_is_found_in_the_file(tmp_path):
    path = tmp_path / "shared_overloads.py"
    path.write_text(
        "@torch.jit._overload\n"
        "def pick(a: int) -> int: ...\n"
        "def pick(a): return a\n"
        "def use(): return pick(1)\n"
        "torch.jit.script(use)\n"
        "old = pick\n"
        "@torch.jit._overload\n"
        "def pick(a: str) -> str: ...\n"
        "def later(): return old('hi'), old(2)\n"
    )
    scope = {"torch": torch, "__name__": path.stem}
    exec(compile(path.read_text(), str(path), "exec"), scope)  # noqa: S102  # a program made for the test
    assert jitcore.script(scope["later"])() == ("hi", 2)
