"""Dicts and lists where a type is asked for: the words of the refusal are those of what torch looks at first."""

import pytest

from tests.differential.scripting.case import Case
from tests.differential.scripting.judging import judge
from tests.differential.scripting.written import written

# torch ends the process where some of these meet Any.
ASKED = (
    "int", "Tensor", "Optional[int]", "Dict[str, int]", "Dict[int, int]", "Optional[Dict[str, int]]",
    "Union[int, str]", "Union[int, Dict[str, int]]", "Union[Dict[int, int], Dict[str, int]]",
    "Dict[str, Optional[int]]", "Union[int, Dict[str, Optional[int]]]", "List[int]", "Optional[List[int]]",
    "Union[List[int], List[str]]", "Union[int, List[int]]", "List[Optional[int]]",
)  # fmt: skip
GIVEN = (
    "{None: n}", "{('a' if n > 2 else None): n}", "{'a': None}", "{'a': n, 2: n}", "{1.0: n}", "{[1]: n}",
    "{'a': [n], 'b': None}", "{}", "{'a': n}", "{'a': (n if n > 2 else None)}",
    "{k: n for k in ['a', 'b']}", "{(k if n > 2 else None): n for k in ['a', 'b']}",
    "{k: None for k in [1, 2]}", "{[k]: n for k in [1, 2]}",
    "dict()", "dict(a=n)", "dict([(None, n)])", "dict([((1 if n > 2 else None), n)])", "dict({None: n})",
    "dict({'a': n})", "dict({'a': n}, b=None)", "dict({None: n}, b=n)",
    "[None]", "[n, None]", "[]", "[(n if n > 2 else None)]", "[k for k in [1, 2]]", "[None for k in [1, 2]]",
    "list()", "list([None])", "list([1, 2])", "list({'a': n})",
)  # fmt: skip
WAYS = (
    "def f(x: Tensor, n: int):\n    v: {asked} = {given}\n    return v\n",
    "def f(x: Tensor, n: int) -> {asked}:\n    return {given}\n",
    "def f(x: Tensor, n: int):\n    return torch.jit.annotate({asked}, {given})\n",
)


@pytest.mark.parametrize("given", GIVEN)
def test_a_container_is_what_is_asked_for_or_refused_in_the_same_words(given):
    texts = [way.format(asked=asked, given=given) for way in WAYS for asked in ASKED]
    texts.append(f"def f(x: Tensor, n: int):\n    v = {given}\n    return v\n")
    wrong = [(text, o) for text in texts for o in judge(Case("hint", written(text))) if o.status != "equal"]
    assert wrong == []
