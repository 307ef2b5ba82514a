"""The module classes of torch.nn, traced with the samples that torch's own tests know."""

import copy
from collections.abc import Iterator

from tests.differential.corpus import modules
from tests.differential.corpus.modules import _positional
from tests.differential.tracing.case import Case


def cases(every: bool) -> Iterator[Case]:
    """A case for each module and mode; of evaluation only unless `every`."""
    for training in (False, True) if every else (False,):
        mode = "train" if training else "eval"
        for name, module, arguments, keywords in modules.samples(training, every):
            module.train(training)
            inputs = _positional(module, arguments, keywords)
            yield Case(f"nn.{name}.{mode}", lambda module=module: copy.deepcopy(module), inputs)
