"""Where torch would lead beyond a tensor, a run says so in a sentence, and nothing is folded."""

from __future__ import annotations

import pytest
import torch

from jitcore.exec import ExecutionError, evaluator
from jitcore.exec.bounds import checker
from jitcore.ops import find_overload
from jitcore.passes import EvaluationError
from tests.exec.hostile_programs import run_program, write_program

ONES, NO_OFFSETS = torch.ones(2, 3), torch.tensor([], dtype=torch.long)

REFUSED = {
    "a view beyond the storage": "ops.inductor._reinterpret_tensor(x, [2, 4], [4, 1], 64)",
    "a pool beyond the storage": "ops.inductor._alloc_from_pool(x, 4096, 6, [8], [1])",
    "strides of a primitive": "ops.prims.as_strided(x, [8], [1], 100)",
    "an alias beyond the storage": "torch._reshape_alias(x, [99], [1])",
    "an alias by a negative stride": "torch._reshape_alias(x, [2], [-1])",
    "a nested view of a buffer": (
        "torch._nested_view_from_buffer(x, torch.tensor([[9]]), torch.tensor([[1]]), torch.tensor([7]))"
    ),
    "indices that nobody checked": (
        "torch._sparse_coo_tensor_unsafe(torch.tensor([[9999]]), torch.tensor([1.]), [4])"
    ),
    "a memory format that does not exist": "torch.clone(x, memory_format=4)",
    "a memory format that a run computes": "torch.clone(x, memory_format=n)",
    "an element type that does not exist": "torch.to(x, 200)",
    "a gradient of other pairs": "torch._pdist_backward(x, torch.view(x, [2, 2]), 2., x)",
    "an empty list of what is stacked": "torch._stack(annotate(List[Tensor], []))",
    "an address": "torch.full_like(x, ops.mkldnn.data_ptr(x))",
}


@pytest.mark.parametrize("call", REFUSED.values(), ids=REFUSED)
def test_what_a_run_refuses(tmp_path, call):
    code = f"""  def forward(self: __torch__.M, x: Tensor, n: int) -> Tensor:
    y = {call}
    return y
"""
    with pytest.raises(ExecutionError) as caught:
        run_program(write_program(tmp_path, code), torch.ones(4), 4)
    assert "\n" not in str(caught.value)


def test_what_stays_within_the_storage_runs(tmp_path):
    code = """  def forward(self: __torch__.M, x: Tensor) -> Tensor:
    y = torch._reshape_alias(x, [2, 2], [2, 1])
    return torch.as_strided(y, [3], [1], 1)
"""
    result = run_program(write_program(tmp_path, code), torch.arange(4.0))
    assert result.tolist() == [1, 2, 3]


def test_indices_of_a_sparse_tensor_cannot_be_changed_afterwards(tmp_path):
    code = """  def forward(self: __torch__.M, i: Tensor, v: Tensor) -> Tensor:
    s = torch.sparse_coo_tensor(i, v, [4], dtype=None, layout=None, device=None, pin_memory=None)
    _0 = torch.fill_(i, 1000000)
    _1 = torch.fill_(torch._indices(s), 1000000)
    return torch.to_dense(s)
"""
    result = run_program(write_program(tmp_path, code), torch.tensor([[1, 3]]), torch.ones(2))
    assert result.tolist() == [0, 1, 0, 1]


@pytest.mark.parametrize(
    ("operator", "arguments"),
    [
        ("aten::native_batch_norm", (torch.ones(2, 3), torch.ones(0), None, None, None, True, 0.1, 1e-5)),
        ("aten::native_batch_norm", (torch.ones(2, 3), None, None, torch.ones(2), None, True, 0.1, 1e-5)),
        ("aten::_native_batch_norm_legit", (ONES, None, torch.ones(1), None, None, True, 0.1, 1e-5)),
        ("aten::_embedding_bag", (torch.ones(5, 2), torch.tensor([1, 2]), NO_OFFSETS)),
        ("aten::_embedding_bag", (torch.ones(5, 2), torch.tensor([1, 2]), torch.tensor([0, 9]))),
        ("aten::lu_unpack", (torch.ones(3, 5), torch.tensor([], dtype=torch.int32))),
        ("aten::repeat_interleave.Tensor", (torch.tensor([2**60, 1, 1]),)),
    ],
)  # fmt: skip
def test_sizes_and_indices_that_do_not_fit(operator, arguments):
    schema = find_overload(operator)
    assert schema is not None
    named = [*arguments]
    if operator.startswith("aten::repeat"):
        named = [*arguments, 6]
    check = checker(schema, named)
    assert check is not None
    with pytest.raises(ExecutionError):
        check(named)


def test_what_folding_leaves_to_runs():
    for operator, arguments in {
        "inductor::_reinterpret_tensor": (torch.ones(4), [8], [1], 100),
        "inductor::_alloc_from_pool": (torch.ones(4), 4096, 6, [8], [1]),
        "aten::_reshape_alias": (torch.ones(4), [4], [1]),
        "aten::_embedding_bag": (torch.ones(5, 2), torch.tensor([1]), torch.tensor([0])),
        "prims::neg": (torch.ones(4),),
        "aten::_stack": ([], 0),
        "aten::__upsample_bilinear.scale_list": (torch.ones(1, 1, 2, 2), None, []),
        "aten::_weight_norm": (torch.ones(3, 4), torch.ones(2), 0),
    }.items():
        schema = find_overload(operator)
        assert schema is not None
        with pytest.raises(EvaluationError):
            evaluator().evaluate(schema, arguments)


def test_memory_that_nobody_wrote_to_is_folded_as_zeros():
    for operator, arguments in {
        "aten::empty.memory_format": ([64], 6, None, torch.device("cpu"), None, None),
        "aten::empty_like": (torch.ones(64), None, None, None, None, None),
        "aten::new_empty": (torch.ones(2), [64], None, None, None, None),
    }.items():
        schema = find_overload(operator)
        assert schema is not None
        assert not evaluator().evaluate(schema, arguments).any()
