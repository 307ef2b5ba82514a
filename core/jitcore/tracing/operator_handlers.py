"""The short way from torch's dispatcher to what records an operator.

torch makes a handler anew for each call of an operator, which looks through all arguments, takes the mode off
its stack and puts it back. A handler of ours stands in the table in which torch keeps those of other dispatch
keys, and only has the key left out while the operator is recorded.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

from torch._C import DispatchKey
from torch._dispatch.python import enable_python_dispatcher

from jitcore.slots.torch_names import TORCH

KEY = DispatchKey.PreDispatch
Answer = Callable[[Any, tuple[Any, ...], dict[str, Any]], Any]
"""What is given an operator and its arguments, and gives the result."""

_set_included: Callable[[DispatchKey, bool], None] = TORCH._C._dispatch_tls_set_dispatch_key_included
_is_excluded: Callable[[DispatchKey], bool] = TORCH._C._dispatch_tls_is_dispatch_key_excluded


class _Thread(threading.local):
    answer: Answer | None = None


_THREAD = _Thread()


class OperatorHandlers:
    """The handlers of the operators that one trace has met, which ask `answer` in its thread alone."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._operators: list[Any] = []

    def handle(self, operator: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Answer a call that torch brought, and have later ones come by themselves."""
        operator._dispatch_cache[KEY] = _handler_of(operator)
        self._operators.append(operator)
        return self._answer(operator, args, kwargs)

    @contextmanager
    def installed(self) -> Generator[None]:
        """Context in which calls of this thread are answered; behind it torch's tables are as they were."""
        before = _THREAD.answer
        _THREAD.answer = self._answer
        try:
            yield
        finally:
            _THREAD.answer = before
            for operator in self._operators:
                operator._uncache_dispatch(KEY)
            self._operators.clear()


def _handler_of(operator: Any) -> Callable[..., Any]:
    def handle(*args: Any, **kwargs: Any) -> Any:
        answer = _THREAD.answer
        if answer is None or _is_excluded(DispatchKey.Python):
            # Another thread, or torch asks for none of its modes.
            return operator._op_dk(TORCH._ops.resolve_key(operator, KEY), *args, **kwargs)
        leave_out()
        try:
            return answer(operator, args, kwargs)
        finally:
            _set_included(KEY, True)

    return handle


def leave_out() -> None:
    """Have no mode be asked, until the key is put in again."""
    _set_included(KEY, False)


@contextmanager
def asked_within() -> Generator[None]:
    """Context, in an answer, in which operators that are called are answered too."""
    with enable_python_dispatcher():
        _set_included(KEY, True)
        try:
            yield
        finally:
            _set_included(KEY, False)
