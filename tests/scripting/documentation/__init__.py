"""What TorchScript's documentation shows, said in other words and done with torch.jit and with jitcore."""
