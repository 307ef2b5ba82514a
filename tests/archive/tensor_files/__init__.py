"""Files of tensors without a program."""
