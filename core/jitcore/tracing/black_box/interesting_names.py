"""Names by which calls are recognised that a graph cannot hold, before it is known what is called."""

from typing import Final

CHANGING: Final = frozenset((
    "add", "append", "appendleft", "clear", "discard", "extend", "extendleft", "insert", "move_to_end", "pop",
    "popitem", "popleft", "put", "register_buffer", "register_parameter", "remove", "reverse", "rotate",
    "setdefault", "sort", "subtract", "update", "write", "writelines", "fill", "fill_", "copy_", "partition",
    "itemset",
))  # fmt: skip
"""Methods that change what they are called on."""

TOUCHING: Final = {
    "setattr": "set", "delattr": "deleted", "next": "moved on by next()", "heappush": "changed by heappush()",
    "heappop": "changed by heappop()", "shuffle": "changed by shuffle()",
}  # fmt: skip
"""Functions that change what they are given first, and what is said of it."""

FILLING: Final = frozenset(("copyto", "putmask", "place"))
"""Functions of numpy that write to what they are given first."""

SHARING: Final = frozenset(("from_dlpack", "to_dlpack", "from_numpy", "frombuffer", "asarray"))
"""Functions that give another way to the memory of what they are given."""

MAKING: Final = frozenset(("__init__", "__new__", "__post_init__", "__setstate__", "__init_subclass__"))
"""Methods that make an object."""

MODES: Final = frozenset((
    "is_grad_enabled", "is_inference_mode_enabled", "is_tracing", "is_scripting", "is_autocast_enabled",
    "is_autocast_cpu_enabled", "is_compiling", "is_inference", "_get_tracing_state", "get_autocast_dtype",
    "are_deterministic_algorithms_enabled",
))  # fmt: skip
"""Functions that tell in which mode a program runs."""

SURROUNDINGS: Final = frozenset((
    "get_default_dtype", "get_default_device", "current_device", "is_available", "device_count",
    "get_num_threads",
))  # fmt: skip
"""Functions that tell what there is to compute with."""

CLOCKS: Final = frozenset((
    "time", "perf_counter", "monotonic", "time_ns", "now", "today", "getenv", "uuid4", "getpid", "input",
    "urandom",
))  # fmt: skip
"""Functions that give something else each time, or on each machine."""

DRAWS: Final = frozenset((
    "betavariate", "choice", "choices", "gauss", "getrandbits", "integers", "normal", "normalvariate",
    "permutation", "randint", "randn", "random", "randrange", "random_sample", "sample", "shuffle",
    "standard_normal", "triangular", "uniform", "rand", "seed", "manual_seed",
))  # fmt: skip
"""Functions that draw random numbers outside of torch, or start the drawing anew."""

OUTPUT: Final = frozenset(("print", "open"))

TELLING: Final = MODES | SURROUNDINGS | CLOCKS | DRAWS | OUTPUT | SHARING
TELLING_ROOTS: Final = frozenset(("random", "np.random", "numpy.random"))
