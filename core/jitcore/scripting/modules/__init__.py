"""Compiles `torch.nn.Module`s: what their instances hold, and the methods that their classes define."""
