"""Subclasses of ScriptModule: marked methods of all bases, and methods that texts define in constructors."""

import pytest
import torch
from torch import nn

import jitcore
from tests.scripting.library.side_by_side import outcome

LIBRARIES = (torch.jit, jitcore)
X = torch.full((1,), 3.0)

pytestmark = pytest.mark.filterwarnings("ignore:`torch.jit.script_method`")


def both(action, kind="gives"):
    """Fail unless the action has the same outcome with both libraries, of the kind that is expected."""
    theirs, ours = (outcome(lambda jit=jit: action(jit)) for jit in LIBRARIES)
    assert ours == theirs
    assert theirs[0] == kind


def family(jit):
    """A base, and two modules that derive from it and mark the same method."""

    class Base(jit.ScriptModule):
        @jit.script_method
        def bar(self, x):
            return x + 1

    class Left(Base):
        @jit.script_method
        def bar(self, x):
            return x + 2

    class Right(Base):
        @jit.script_method
        def bar(self, x):
            return x + 3

        @jit.script_method
        def forward(self, x):
            return self.bar(x)

    return Base, Left, Right


# --- bases ----------------------------------------------------------------------------------------


def the_first_base_wins(jit):
    _, Left, Right = family(jit)

    class LeftFirst(Left, Right):
        pass

    class RightFirst(Right, Left):
        pass

    return LeftFirst()(X), LeftFirst().bar(X), RightFirst()(X), RightFirst().bar(X), LeftFirst().forward.code


def a_base_that_is_no_module(jit):
    Base, *_ = family(jit)

    class Mixed:
        def ten_times(self, x):
            return x * 10

    class Whole(Mixed, Base):
        @jit.script_method
        def forward(self, x):
            return self.ten_times(x) + self.bar(x)

    return Whole()(X), Whole().forward.code, Whole().ten_times(X)


def a_method_that_is_not_marked_again(jit):
    *_, Right = family(jit)

    class Whole(Right):
        def bar(self, x):
            return x + 100

    return Whole()(X), Whole().bar(X)


def three_bases(jit):
    class One(jit.ScriptModule):
        @jit.script_method
        def one(self, x):
            return x + 1

    class Two(jit.ScriptModule):
        @jit.script_method
        def two(self, x):
            return x + 2

    class Three(jit.ScriptModule):
        @jit.script_method
        def three(self, x):
            return x + 3

    class Whole(One, Two, Three):
        @jit.script_method
        def forward(self, x):
            return self.one(self.two(self.three(x)))

    whole = Whole()
    return whole(X), whole.one(X), whole.two(X), whole.three(X)


@pytest.mark.parametrize(
    "action", [the_first_base_wins, a_base_that_is_no_module, a_method_that_is_not_marked_again, three_bases]
)
def test_bases(action):
    both(action)


# --- texts in constructors ------------------------------------------------------------------------


def defined_over_submodules(jit):
    class Leaf(jit.ScriptModule):
        @jit.script_method
        def forward(self, x):
            return x * 2

    class Top(jit.ScriptModule):
        def __init__(self):
            super().__init__()
            self.leaf = Leaf()
            self.define("def twice(self, x):\n    return self.leaf(x)\n")

        @jit.script_method
        def forward(self, x):
            return self.twice(x) + self.leaf(x)

    return Top()(X), Top().forward.code, Top().twice(X)


def texts_that_call_each_other(jit):
    class Top(jit.ScriptModule):
        def __init__(self):
            super().__init__()
            self.define("def a(self, x):\n    return self.b(x)\n")
            self.define("def b(self, x):\n    return x + 2\n")
            self.weight = nn.Parameter(torch.ones(1))

        @jit.script_method
        def forward(self, x):
            return self.a(x) + self.weight

    return Top()(X), Top().a(X), Top().forward.code


def a_text_that_calls_a_marked_method(jit):
    class Top(jit.ScriptModule):
        def __init__(self):
            super().__init__()
            self.define("def a(self, x):\n    return self.z(x)\n")

        @jit.script_method
        def z(self, x):
            return x + 7

    return Top().a(X), Top().a.code


def a_text_instead_of_a_marked_method(jit):
    class Top(jit.ScriptModule):
        def __init__(self):
            super().__init__()
            self.define("def z(self, x):\n    return x + 1\n")

        @jit.script_method
        def z(self, x):
            return x + 7

    return Top().z(X)


def the_last_of_two_texts(jit):
    class Top(jit.ScriptModule):
        def __init__(self):
            super().__init__()
            self.define("def z(self, x):\n    return x + 1\n")
            self.define("def z(self, x):\n    return x + 2\n")

    return Top().z(X)


def only_a_text(jit):
    class Top(jit.ScriptModule):
        def __init__(self):
            super().__init__()
            self.linear = nn.Linear(1, 1, bias=False)
            self.define("def forward(self, x):\n    return torch.zeros_like(self.linear(x))\n")

    return Top()(X).item(), Top().forward.code


def a_text_with_a_default(jit):
    class Top(jit.ScriptModule):
        def __init__(self):
            super().__init__()
            self.define("def z(self, x, n: int = 3):\n    return x + n\n")

        @jit.script_method
        def forward(self, x):
            return self.z(x) + self.z(x, 1)

    return Top()(X), str(Top().z.schema)


def a_text_that_names_what_the_constructor_sees(jit):
    class Top(jit.ScriptModule):
        def __init__(self):
            super().__init__()
            act = torch.tanh
            self.define("def z(self, x):\n    return act(x)\n")
            assert act

        @jit.script_method
        def forward(self, x):
            return self.z(x)

    return Top()(X)


@pytest.mark.parametrize(
    "action",
    [
        defined_over_submodules, texts_that_call_each_other, a_text_that_calls_a_marked_method,
        a_text_instead_of_a_marked_method, the_last_of_two_texts, only_a_text, a_text_with_a_default,
        a_text_that_names_what_the_constructor_sees,
    ],
)  # fmt: skip
def test_texts_in_constructors(action):
    both(action)


def refused(jit):
    class Top(jit.ScriptModule):
        def __init__(self):
            super().__init__()
            self.define("def z(self, x):\n    return nothing(x)\n")

    return Top()


def test_a_text_that_is_refused():
    for jit in LIBRARIES:
        with pytest.raises(RuntimeError, match="undefined value nothing"):
            refused(jit)


def test_modules_with_other_texts_have_other_methods():
    class Top(jitcore.ScriptModule):
        def __init__(self, n: int):
            super().__init__()
            self.define(f"def z(self, x):\n    return x + {n}\n")

    assert [Top(n).z(X).item() for n in (1, 2)] == [4.0, 5.0]
