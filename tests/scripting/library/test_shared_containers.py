"""Lists and dicts that compiled code and Python share, used as torch.jit's are."""

from typing import Dict, List

import pytest
import torch

import jitcore


def numbers_grow(items: List[int]):
    items.append(len(items))
    return len(items)


def names_grow(table: Dict[str, int]):
    table["more"] = len(table)
    return len(table)


VALUES = (
    [1, 2, 3], ["a", "b"], [], [1, "a"], [1.5, 2], {"a": 1}, {}, {1: torch.ones(1)}, [[1], [2]], {"a": [1]},
    [(1, "a"), (2, "b")], {"a": 1, 2: 3}, (1, 2), [True, False], {0.5: "x"},
)  # fmt: skip
LIST_USES = (
    "s[0]", "s[-1]", "s[9]", "list(s[1:])", "len(s)", "2 in s", "7 in s", "'a' in s", "list(s)", "s.append(7)",
    "s.append(1.5)", "s.append('a')", "s.insert(0, 9)", "s.pop()", "s.pop(0)", "s.pop(9)", "s.remove(2)",
    "s.remove(9)", "s.count(2)", "s.extend([5, 6])", "s.extend(['x'])", "s.clear()", "bool(s)", "s == s", "s == []",
    "s.index(2)", "s + [1]", "s.__setitem__(0, 7)", "s.__setitem__(0, 'a')", "s.__delitem__(0)", "str(s)",
    "[type(i) for i in s]", "grow(s)", "grow([1])", "grow(['a'])",
)  # fmt: skip
DICT_USES = (
    "s['a']", "s['z']", "s[1]", "list(s.keys())", "list(s.items())", "s.values()", "len(s)", "'a' in s", "'z' in s",
    "list(s)", "s.get('a')", "s.__setitem__('c', 3)", "s.__setitem__('c', 'x')", "s.__setitem__(1, 1)",
    "s.__delitem__('a')", "s.__delitem__('z')", "bool(s)", "s == s", "s == {'a': 1}", "str(s)", "grow(s)",
)  # fmt: skip


def outcome(action):
    try:
        found = action()
    except Exception as error:
        return type(error)
    return str(found) if isinstance(found, torch.Tensor) or "Script" in type(found).__name__ else found


@pytest.mark.parametrize(
    "value", [[None, "a", 1], [None, False, 0], [0, None, False], {"a": None, "b": 1, "c": "x"}], ids=repr
)
def test_elements_without_a_common_type_are_named_as_torch_names_them(value):
    with pytest.raises(torch.jit.Error) as theirs:
        torch.jit.script(value)
    with pytest.raises(torch.jit.Error) as ours:
        jitcore.script(value)
    assert str(ours.value) == str(theirs.value)


def both(action):
    return outcome(lambda: action(torch.jit)), outcome(lambda: action(jitcore))


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_what_becomes_one(value):
    theirs, ours = both(lambda jit: jit.script(value))
    assert ours == theirs


@pytest.mark.parametrize(
    ("make", "grow", "use"),
    [
        *((lambda: [1, 2, 3], numbers_grow, use) for use in LIST_USES),
        *((lambda: {"a": 1, "b": 2}, names_grow, use) for use in DICT_USES),
    ],
    ids=[*LIST_USES, *(f"dict {use}" for use in DICT_USES)],
)
def test_a_use(make, grow, use):
    def act(jit):
        shared = jit.script(make())
        given = {"s": shared, "grow": jit.script(grow)}
        return outcome(lambda: eval(use, given)), str(shared)

    theirs, ours = both(act)
    assert ours == theirs


def test_compiled_code_writes_to_the_shared_one_and_to_a_copy_of_any_other():
    shared, plain = jitcore.script([1]), [1]
    grow = jitcore.script(numbers_grow)
    assert (grow(shared), grow(plain)) == (2, 2)
    assert (list(shared), plain) == ([1, 1], [1])


def test_modules_in_a_list_or_dict_are_compiled_each():
    modules = jitcore.script([torch.nn.ReLU(), torch.nn.Tanh()])
    assert [module.original_name for module in modules] == ["ReLU", "Tanh"]
    assert jitcore.script({"a": torch.nn.ReLU()})["a"].original_name == "ReLU"


def test_an_element_of_another_type_is_named():
    with pytest.raises(TypeError, match="'a' is no int, which is what this container takes"):
        jitcore.script([1]).append("a")
