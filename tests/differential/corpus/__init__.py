"""Programs that torch compiles and saves at test time: torch.nn, operator samples and the whole language."""
