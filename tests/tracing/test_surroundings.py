"""What a trace leaves behind: nothing, however it ends."""

import threading

import pytest
import torch
from torch import nn

import jitcore
from jitcore.tracing import active

X = torch.rand(3, 4)


def watched():
    """All that is exchanged while something is traced."""
    return (
        torch._C._get_tracing_state,
        torch._C._is_tracing,
        torch._C.ScriptFunction.__call__,
        torch._C.ScriptMethod.__call__,
        torch.jit._trace._trace_module_map,
        torch.nn.functional.has_torch_function,
        torch.Size,
        torch.from_numpy,
        torch._C._nn.adaptive_avg_pool2d,
        torch.Tensor._make_subclass,
        "_make_subclass" in vars(torch.Tensor),
        "apply" in vars(torch.autograd.function._SingleLevelFunction),
        torch.utils._python_dispatch._disable_current_modes,
        torch._ops._len_torch_dispatch_stack_pre_dispatch(),
        torch._C.DispatchKey.PreDispatch in torch.ops.aten.add.Tensor._dispatch_cache,
        torch._C._dispatch_tls_is_dispatch_key_included(torch._C.DispatchKey.PreDispatch),
        torch._C._len_torch_function_stack(),
        torch.jit.is_tracing(),
    )


def test_nothing_is_left_after_a_trace() -> None:
    before = watched()
    seen = []

    def program(x):
        seen.append((torch.jit.is_tracing(), jitcore.is_tracing(), isinstance(x.shape, torch.Size)))
        return x + 1

    jitcore.trace(program, X, check_trace=False)
    assert seen == [(True, True, True)]
    assert watched() == before


@pytest.mark.filterwarnings("ignore::torch.jit.TracerWarning")
def test_nothing_is_left_after_a_failure() -> None:
    before = watched()

    def program(x):
        raise ValueError(f"not this one {(x + x).shape}")

    with pytest.raises(ValueError, match=r"not this one torch.Size\(\[3, 4\]\)"):
        jitcore.trace(program, X)
    assert watched() == before
    assert str(jitcore.trace(lambda x: x + 1, X).graph)


def test_nothing_is_left_after_an_operator_fails() -> None:
    before = watched()
    with pytest.raises(RuntimeError, match="mat1 and mat2 shapes"):
        jitcore.trace(lambda x: x @ x, X)
    assert watched() == before


def test_sizes_are_numbers_again_afterwards() -> None:
    kept = []

    def program(x):
        kept.append(x.size(0))
        return x + 1

    jitcore.trace(program, X, check_trace=False)
    assert isinstance(kept[0], torch.Tensor)
    assert type(X.shape[0]) is int


def test_a_trace_in_a_trace_is_refused() -> None:
    with pytest.raises(RuntimeError, match="Tracing can't be nested"):
        jitcore.trace(lambda x: jitcore.trace(lambda y: y + 1, x)(x), X)
    assert active.state() is None


def test_another_thread_is_not_traced() -> None:
    seen = []

    def program(x):
        def beside() -> None:
            seen.append((torch.jit.is_tracing(), type(torch.rand(2, 3).shape[0]), torch.rand(2) + 1))

        thread = threading.Thread(target=beside)
        thread.start()
        thread.join()
        return x * 2

    graph = str(jitcore.trace(program, X, check_trace=False).graph)
    assert seen[0][:2] == (False, int)
    assert "aten::rand" not in graph


def test_gradients_go_through_a_trace() -> None:
    torch.manual_seed(0)
    module = nn.Sequential(nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 1))
    traced = jitcore.trace(module, X)
    found = []
    for each in (module, traced):
        module.zero_grad()
        given = X.clone().requires_grad_()
        each(given).sum().backward()
        found.append([given.grad, *(parameter.grad.clone() for parameter in module.parameters())])
    assert all(torch.equal(one, other) for one, other in zip(*found, strict=True))


def test_parameters_are_those_of_the_module() -> None:
    module = nn.Linear(4, 2)
    traced = jitcore.trace(module, X)
    with torch.no_grad():
        module.weight.zero_()
    assert torch.equal(traced(X), module(X))
    assert dict(traced.named_parameters()).keys() == {"weight", "bias"}


def test_traces_of_two_threads_do_not_mix() -> None:
    begun = threading.Barrier(2, timeout=60)
    found: dict[str, str] = {}

    def run(name: str, operator: str) -> None:
        def program(x):
            for _ in range(20):
                x = getattr(x, operator)()
            return x

        begun.wait()
        found[name] = str(jitcore.trace(program, X).graph)

    threads = [threading.Thread(target=run, args=each) for each in (("a", "relu"), ("b", "sigmoid"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (found["a"].count("aten::relu"), found["a"].count("aten::sigmoid")) == (20, 0)
    assert (found["b"].count("aten::relu"), found["b"].count("aten::sigmoid")) == (0, 20)


def test_other_threads_are_not_recorded_by_the_handlers_of_a_trace() -> None:
    results = []

    def elsewhere() -> None:
        with torch._C._EnablePythonDispatcher(), torch._C._EnablePreDispatch():
            results.append(torch.add(X, X))

    def program(x):
        made = torch.add(x, x)
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
        return torch.add(made, 1)

    traced = jitcore.trace(program, X, check_trace=False)
    assert str(traced.graph).count("aten::add") == 2
    assert torch.equal(results[0], X + X)
