"""The library: compiled functions and modules as Python uses them, by torch.jit's names and manners."""
