"""What fails while a program runs, or while modules are put together: as torch fails, and leaves no trace."""

import re
import warnings
from typing import Any, List

import pytest
import torch
from torch import Tensor, nn

import jitcore
from tests.scripting.library.side_by_side import outcome

LIBRARIES = (torch.jit, jitcore)
# Torch adds where in Python an ignored function was; ours chains the exception instead.
_STACK = re.compile(r"\n\nAt:\n(  .*\n)+\n*")


def both(action):
    """Fail unless the action has the same outcome with both libraries."""
    theirs, ours = (outcome(lambda jit=jit: action(jit)) for jit in LIBRARIES)
    if isinstance(theirs[1], str):
        theirs = theirs[0], _STACK.sub("\n", theirs[1]).rstrip()
        ours = ours[0], str(ours[1]).rstrip()
    assert ours == theirs


# --- contexts -------------------------------------------------------------------------------------


class Noting:
    def __init__(self, seen: List[int], number: int):
        self.seen = seen
        self.number = number

    def __enter__(self):
        self.seen.append(self.number)

    def __exit__(self, kind: Any, value: Any, trace: Any):
        self.seen.append(-self.number)
        if self.number == 3:
            raise RuntimeError("while leaving")


def failing(x: Tensor):
    with torch.no_grad():
        raise ValueError("inside")
    return x


def failing_in_a_call(x: Tensor):
    with torch.no_grad():
        y = failing(x)
    return y


def failing_in_a_loop(x: Tensor):
    for i in range(3):
        with torch.no_grad():
            if i == 1:
                raise ValueError("inside")
    return x


def failing_operator(x: Tensor):
    with torch.no_grad():
        x = x @ torch.ones(7)
    return x


@pytest.mark.parametrize("jit", LIBRARIES, ids=["torch", "ours"])
@pytest.mark.parametrize("function", [failing, failing_in_a_call, failing_in_a_loop, failing_operator])
def test_gradients_are_on_again_after_a_failure(function, jit):
    with torch.enable_grad():
        with pytest.raises(Exception, match=r"inside|size mismatch"):
            jit.script(function)(torch.ones(3, 3))
        assert torch.is_grad_enabled()


def noted(seen: List[int], number: int):
    with Noting(seen, 1), Noting(seen, 2):
        with Noting(seen, number):
            raise ValueError(str(seen))


def left_once(seen: List[int]):
    with Noting(seen, 1):
        with Noting(seen, 2):
            seen.append(0)
        seen.append(10)
        raise ValueError(str(seen))


@pytest.mark.parametrize("number", [4, 3])
def test_contexts_are_left_innermost_first(number):
    """What the contexts note cannot be seen from outside but in a module that keeps it."""

    class Keeper(nn.Module):
        seen: List[int]

        def __init__(self):
            super().__init__()
            self.seen = []

        def forward(self, number: int) -> None:
            noted(self.seen, number)

        @torch.jit.export
        def once(self) -> None:
            left_once(self.seen)

    modules = [jit.script(Keeper()) for jit in LIBRARIES]
    for module in modules:
        with pytest.raises(Exception, match="ValueError"):
            module(number)
        with pytest.raises(Exception, match="ValueError"):
            module.once()
    theirs, ours = (list(module.seen) for module in modules)
    assert ours == theirs == [1, 2, number, -number, -2, -1, 1, 2, 0, -2, 10, -1]


class EntersOneTwice(nn.Module):
    seen: List[int]

    def __init__(self):
        super().__init__()
        self.seen = []

    def forward(self, fails_at: int) -> None:
        noting = Noting(self.seen, 7)
        with noting:
            if fails_at == 1:
                raise ValueError("first")
        with noting:
            if fails_at == 2:
                raise ValueError("second")
        with Noting(self.seen, 3):
            self.seen.append(0)
        with noting:
            self.seen.append(0)


@pytest.mark.parametrize("fails_at", [1, 2, 3])
def test_a_context_that_is_entered_again_is_left_as_often_as_it_was_entered(fails_at):
    """At 3 it is the leaving of a context that fails."""
    seen = []
    for jit in LIBRARIES:
        module = jit.script(EntersOneTwice())
        with pytest.raises(Exception, match=r"first|second|while leaving"):
            module(fails_at)
        seen.append(list(module.seen))
    assert seen[0] == seen[1] == [7, -7] * min(fails_at, 2) + [3, 0, -3] * (fails_at == 3)


# --- warnings -------------------------------------------------------------------------------------


def warning_often(n: int):
    for i in range(n):
        warnings.warn("number " + str(i))
    return n


def warning_twice(n: int):
    warnings.warn("first")
    warnings.warn("first")
    return warning_often(n)


@pytest.mark.parametrize("function", [warning_often, warning_twice])
def test_a_warning_comes_once_a_run_with_its_line(function):
    def given(jit):
        compiled = jit.script(function)
        runs = []
        for _ in range(2):
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                compiled(3)
            runs.append([(str(w.message), w.category.__name__, w.filename, w.lineno) for w in caught])
        return runs

    theirs, ours = map(given, LIBRARIES)
    assert ours == theirs
    assert ours[0]


# --- lists ----------------------------------------------------------------------------------------


def removed(items: List[Tensor], item: Tensor):
    items.remove(item)
    return items


@pytest.mark.parametrize(
    ("items", "item"),
    [
        ([1, 2, 2], 2),
        ([1], 2),
        ([[1, 1], 2], [1, 1]),
        ([[[1, 1, 1]]], [[1, 1]]),
        ([[]], []),
        ([True], 1),
    ],
)
def test_tensors_are_removed_from_lists(items, item):
    both(lambda jit: jit.script(removed)([torch.tensor(i) for i in items], torch.tensor(item)))


class Plain:
    def __init__(self, n: int):
        self.n = n


class Unlike:
    def __init__(self, n: int):
        self.n = n

    def __lt__(self, other: int) -> bool:
        return self.n < other


def sorted_plain(n: int):
    items = [Plain(n)]
    items.sort()
    return len(items)


def sorted_unlike(n: int):
    return len(sorted([Unlike(n)]))


@pytest.mark.parametrize("function", [sorted_plain, sorted_unlike])
def test_classes_that_cannot_be_compared_are_not_sorted(function):
    (kind, theirs), (ours_kind, ours) = (outcome(lambda j=j: j.script(function)(1)) for j in LIBRARIES)
    assert ours_kind == kind == "RuntimeError"
    said = re.compile(r"To sort a list of .*$", re.MULTILINE)
    assert said.findall(ours) == said.findall(theirs) != []


# --- functions left to Python ---------------------------------------------------------------------


class OwnError(Exception):
    pass


def ignored(jit, error):
    @jit.ignore
    def left_to_python(x: int) -> int:
        raise error

    def calling(x: int):
        return left_to_python(x)

    return jit.script(calling)


@pytest.mark.parametrize(
    "error", [KeyError("no such key"), OwnError("my own"), StopIteration(), RuntimeError("two\nlines")]
)
def test_failures_of_ignored_functions_give_class_and_words(error):
    both(lambda jit: ignored(jit, error)(1))


class WithIgnored(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return self.left(x)

    @torch.jit.ignore
    def left(self, x: Tensor) -> Tensor:
        return x + 1

    @torch.jit.ignore
    def right(self, x: Tensor) -> Tensor:
        return x + 100


def test_an_ignored_method_set_on_the_object_is_that_of_the_compiled_one():
    def called(jit):
        module = WithIgnored()
        module.left = module.right
        return jit.script(module).left(torch.zeros(1))

    both(called)


class Named(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x

    @torch.jit.export
    def extra_repr(self) -> str:
        return "of its own"


class CallsItsName(nn.Module):
    def forward(self, x: Tensor):
        return x, self.extra_repr()

    def extra_repr(self) -> str:
        return "only compiled since it is called"


@pytest.mark.parametrize("kind", [Named, CallsItsName])
def test_exported_methods_stand_before_those_of_modules(kind):
    both(lambda jit: repr(jit.script(kind())))


# --- interfaces -----------------------------------------------------------------------------------


@torch.jit.interface
class Two(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        pass

    def two(self, x: Tensor) -> Tensor:
        pass


class Both(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x

    @torch.jit.export
    def two(self, x: Tensor) -> Tensor:
        return x * 2


class One(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x


class OtherName(Both):
    def forward(self, y: Tensor) -> Tensor:
        return y


class OtherResult(One):
    @torch.jit.export
    def two(self, x: Tensor) -> int:
        return 2


class Holding(nn.Module):
    part: Two

    def __init__(self):
        super().__init__()
        self.part = Both()

    def forward(self, x: Tensor) -> Tensor:
        return self.part.two(x)


def takes_two(part: Two, x: Tensor) -> Tensor:
    return part.two(x)


@pytest.mark.parametrize("kind", [Both, One, OtherName, OtherResult])
def test_what_is_put_in_the_place_of_an_interface_implements_it(kind):
    def replaced(jit):
        module = jit.script(Holding())
        module.part = jit.script(kind())
        return module(torch.ones(2))

    both(replaced)


@pytest.mark.parametrize("kind", [Both, One, OtherName, OtherResult])
def test_what_is_passed_for_an_interface_implements_it(kind):
    both(lambda jit: jit.script(takes_two)(jit.script(kind()), torch.ones(2)))


@pytest.mark.parametrize("wrong", [3, OtherName], ids=["number", "inherits"])
def test_what_cannot_be_an_interface(wrong):
    both(lambda jit: jit.interface(wrong))


# --- compiling ------------------------------------------------------------------------------------


def innermost(x):
    return x.nothing


def middle(x):
    return innermost(x)


def outermost(x):
    return torch.relu(middle(x))


class CallsWhatFails(nn.Module):
    def forward(self, x):
        return self.helper(x)

    def helper(self, x):
        return outermost(x)


@pytest.mark.parametrize("make", [lambda: outermost, CallsWhatFails], ids=["function", "module"])
def test_the_calls_that_led_to_what_cannot_be_compiled_are_told(make):
    theirs, ours = (outcome(lambda jit=jit: jit.script(make())) for jit in LIBRARIES)
    assert ours[0] == theirs[0] == "RuntimeError"
    lines = [[line for line in text.splitlines() if line.strip()] for text in (theirs[1], ours[1])]
    advice = "use one that the type has; of a Union or an Optional only after a test:"
    assert [line.rstrip(":") for line in lines[1] if line != advice] == [
        line.rstrip(":") for line in lines[0]
    ]


def test_a_replacement_that_is_refused_changes_nothing():
    module = jitcore.script(Holding())
    with pytest.raises(RuntimeError):
        module.part = jitcore.script(One())
    assert torch.equal(module(torch.ones(2)), torch.full([2], 2.0))


def converted(x: Tensor):
    return torch.FloatTensor(x)


def converting(x: Tensor):
    return converted(x)


@pytest.mark.parametrize("function", [converted, converting])
def test_what_no_line_was_written_for_names_no_line(function):
    both(lambda jit: jit.script(function)(torch.ones(2)))
