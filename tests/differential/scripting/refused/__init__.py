"""Programs that TorchScript does not have, a file for each reason."""
